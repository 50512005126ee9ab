package dev.relais.slot;

/** The worker that a slot belongs to, as far as users of the slot need it. */
public interface SlotOwner {
    /** The worker's number, which a worker of another generation may have too. Any thread. */
    int id();

    /** The number of the generation that the worker belongs to. Any thread. */
    int generation();
}
