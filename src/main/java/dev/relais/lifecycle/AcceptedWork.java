package dev.relais.lifecycle;

/** The accepted work that has to be finished before the gateway ends. Any thread. */
interface AcceptedWork {
    /** Closes the port for functions; open connections stay. */
    void stopAccepting();

    /** Closes connections on which nothing was sent for this many nanoseconds. */
    void closeIdle(long nanos);

    /** The number of invocations whose answer is not complete. */
    long inFlight();

    /** The number of scripts that go on after their answer. */
    int finishing();
}
