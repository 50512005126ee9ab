package dev.relais.slot;

/** Called when a slot has become free. */
public interface SlotListener {
    /**
     * This slot has become free and belongs to the callee, who either starts an exchange on it or
     * {@linkplain Slot#release releases} it to all. Called on the slot's event loop.
     */
    void freed(Slot slot);
}
