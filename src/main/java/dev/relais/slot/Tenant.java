package dev.relais.slot;

/**
 * The code that has started an exchange on a slot. It is called when the child no longer works for that exchange, on the slot's
 * event loop.
 */
public interface Tenant {
    /**
     * The exchange has killed the process that ran it: the gateway did not cause the loss of the connection, and the process
     * has ended while its master lives. Called before {@link #left}, but not when the master itself was lost, because all its
     * children then end.
     *
     * @param lostNanos the lost time of the child, from the start of the exchange until another process answers
     */
    void crashed(long lostNanos);

    /**
     * The PHP work of the exchange has ended, which may be later than its answer. Called once for each exchange that was
     * started, before the slot is free.
     *
     * @param heldNanos for how long it has had the child; negative when it broke off
     */
    void left(long heldNanos);
}
