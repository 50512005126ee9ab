package dev.relais.dispatch;

/** What the reader of an answer may do to the exchange that brings the answer. Confined to the request's event loop. */
public interface ExchangeControl {
    /** The process that runs it, as {@code key=value} for a log line. Known once the listener was called. */
    String process();

    /** The worker whose child runs it. */
    int workerId();

    /** The id of the process that runs it; -1 before the listener was called. */
    long childPid();

    /**
     * Stops reading from PHP because the client takes no more. PHP's writes then block, and the exchange's time limit stands
     * still.
     */
    void holdBack();

    /** Reads from PHP again after {@link #holdBack}. */
    void goOn();

    /** The answer is complete. What PHP still sends is dropped, and the script works on. */
    void answerIsWhole();

    /** Ends the child if it still waits for bytes of the body, which will not come. */
    void bodyBrokeOff();

    /** Ends the child that runs it. The listener is called, unless the answer is complete. */
    void abort();

    /**
     * Drops the exchange, so that PHP ends the script at its next output. What is already on its way to the listener still
     * arrives.
     */
    void abandon();
}
