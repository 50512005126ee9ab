package dev.relais.lifecycle;

/** What was accepted and is to be brought to its end before the gateway ends. Any thread. */
interface AcceptedWork {
    /** Closes the port for functions; what is connected stays. */
    void stopAccepting();

    /** Closes connections that have carried nothing for so many nanoseconds. */
    void closeIdle(long nanos);

    /** Invocations that have no whole answer yet. */
    long inFlight();

    /** Scripts that go on after their answer. */
    int finishing();
}
