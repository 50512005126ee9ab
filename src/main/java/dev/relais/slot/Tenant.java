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
     * Whether the processor time of the run is wanted, which is then told by {@link #computed}. It costs two looks at
     * {@code /proc}, some 30 us.
     *
     * @param nowNanos at the start of the exchange
     */
    default boolean wantsCpuTime(long nowNanos) {
        return false;
    }

    /**
     * The exchange has ended well. Called before {@link #left}, if it was wanted and the kernel tells the time.
     *
     * @param ranNanos in which the process had a processor
     * @param waitedNanos in which it waited for one
     * @param heldNanos for how long the exchange has had the child
     * @param nowNanos at the end of the exchange
     */
    default void computed(long ranNanos, long waitedNanos, long heldNanos, long nowNanos) {}

    /**
     * The PHP work of the exchange has ended, which may be later than its answer. Called once for each exchange that was
     * started, before the slot is free.
     *
     * @param heldNanos for how long it has had the child; negative when it broke off
     */
    void left(long heldNanos);
}
