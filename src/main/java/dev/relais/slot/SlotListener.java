package dev.relais.slot;

/** Told when a child has become free. */
public interface SlotListener {
    /**
     * The slot of this child is free and belongs to the callee, who either starts an exchange on it or
     * {@linkplain Child#publish publishes} it. Called on the child's event loop.
     */
    void freed(Child child);
}
