package dev.relais.http;

/** A client's connection, to who winds all of them down. Any thread. */
interface TrackedConnection {
    /** Closes the connection unless it has been of use within this time. */
    void closeIfIdleFor(long nanos);
}
