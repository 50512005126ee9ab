package dev.relais.slot;

/** Whoever has started an exchange on a slot: told when the child does not work for that exchange any more. On the slot's event loop. */
public interface Tenant {
    /**
     * The exchange has killed the process that ran it: the connection was lost, not by the gateway's doing, and that very process is gone
     * while its master lives. Told before {@link #left}; not when the master itself was lost, which takes all its children along.
     *
     * @param lostNanos of the child: from the start of the exchange until another process answers
     */
    void crashed(long lostNanos);

    /**
     * The PHP work of the exchange is over, which may be later than its answer. Told once for each exchange that was started, before
     * the slot is free.
     *
     * @param heldNanos for how long it has had the child; negative when it broke off
     */
    void left(long heldNanos);
}
