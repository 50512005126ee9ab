package dev.relais.slot;

/** Told when a slot has become free. */
public interface SlotListener {
    /**
     * This slot is free and belongs to the callee, who either starts an exchange on it or
     * {@linkplain Slot#publish publishes} it. Called on the child's event loop.
     */
    void freed(Slot slot);
}
