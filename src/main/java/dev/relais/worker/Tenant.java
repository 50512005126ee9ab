package dev.relais.worker;

/** Whoever has started an exchange on a child: told when the child is not at work for it any more. */
public interface Tenant {
    /**
     * The PHP work of the exchange is over, which may be later than its answer. Told once for each exchange that was started, on
     * the child's event loop, before the slot is free.
     *
     * @param heldNanos for how long it has had the child; negative when it broke off
     */
    void left(long heldNanos);
}
