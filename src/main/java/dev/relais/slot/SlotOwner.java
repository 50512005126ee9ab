package dev.relais.slot;

/** The worker that a slot is of, as far as others need to know it from the slot. */
public interface SlotOwner {
    /** The worker's number; those of another generation have the same ones. Any thread. */
    int id();
}
