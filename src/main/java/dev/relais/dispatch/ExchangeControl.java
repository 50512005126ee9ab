package dev.relais.dispatch;

/** What the reader of an answer may do to the exchange that brings it. On the request's event loop. */
public interface ExchangeControl {
    /** The process that it runs on, for a log line: {@code key=value}. After the listener was told something. */
    String process();

    /** The worker whose child runs it. */
    int workerId();

    /** The number of the process that it runs on; -1 before the listener was told something. */
    long childPid();

    /** Stops reading from PHP, whose writes then block, because the client takes no more: its time limit is held up as well. */
    void holdBack();

    /** The opposite of {@link #holdBack}. */
    void goOn();

    /** The client has all it is to get, whatever PHP still sends: that is dropped, and the script works on. */
    void answerIsWhole();

    /** Ends the child if it still waits for bytes of the body, which will not come. */
    void bodyBrokeOff();

    /** Ends the child that runs it; the listener is told, unless the answer is complete. */
    void abort();

    /** Drops it, so that PHP ends at its next output; what is already on its way to the listener still arrives. */
    void abandon();
}
