package dev.relais.slot;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A worker as its own slots see it: what they have in common, and what they report. They call it on their event loops. */
interface SlotHome {
    SlotOwner worker();

    /** The bits that say which slots are free. */
    FreeSlots free();

    /** The scripts that go on without their connection. */
    AbandonedRuns abandoned();

    /** The messages of the children that do not come by FastCGI. */
    CopiedMessages copies();

    /** This slot is not free, but no longer used. The callee owns it now. */
    void freed(int slot);

    /** Makes this slot claimable by all. */
    void release(int slot);

    /** A child has answered on the connection of one more slot. */
    void provenMore();

    /** The connection of one slot is no longer proven. */
    void provenLess();

    /**
     * An exchange has ended well.
     *
     * @param relativeLatency see {@link UsualLatency#observe}
     */
    void exchangeEnded(double relativeLatency);

    /** Why the application of a child could not be booted; null when it was. */
    void bootOutcome(@Nullable String failure);

    /** The answer of the proof script is no process id. */
    void unproven(Path script);
}
