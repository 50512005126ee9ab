package dev.relais.telemetry;

/** Is called at the end of each invocation. Every bean of this type is found by {@link InvocationObservers}. */
public interface InvocationObserver {
    /**
     * An invocation has ended. Called once for each, on its event loop; it must not block and must not throw.
     *
     * @param timeline its moments and counts, which no longer change and may be kept
     */
    void ended(Timeline timeline);

    /**
     * A request whose head could not be read was answered with a problem; it is no invocation. Any thread; it must not block and must not
     * throw.
     *
     * @param timeline of the moment of its answer
     */
    default void unreadable(Timeline timeline) {}
}
