package dev.relais.slot;

import java.nio.file.Path;

/** A worker as its own slots see it: what they share, and what they tell it. They call it on their event loops. */
interface SlotHome {
    SlotOwner worker();

    /** Which of the slots are free. */
    FreeSlots free();

    /** The scripts that run on without their connection. */
    AbandonedRuns abandoned();

    /** What the children say outside FastCGI. */
    CopiedMessages copies();

    /** This slot, which is not free, has nobody who uses it: it is the callee's now. */
    void freed(int slot);

    /** A child has answered on the connection of one more slot. */
    void provenMore();

    /** The connection of one slot less is proven. */
    void provenLess();

    /** An exchange has ended well. @param relativeLatency see {@link UsualLatency#observe} */
    void exchangeEnded(double relativeLatency);

    /** What the proof script has answered is no process number. */
    void unproven(Path script);
}
