package dev.relais.http;

/** A client's connection, as the code that closes all of them sees it. Any thread. */
interface TrackedConnection {
    /** Closes the connection unless it has been of use within this time. */
    void closeIfIdleFor(long nanos);
}
