package dev.relais.telemetry;

/** Wants to know of each invocation. To add one, make it a bean: {@link InvocationObservers} finds it. */
public interface InvocationObserver {
    /**
     * An invocation has ended. On its event loop, once for each: must not block, and throws nothing.
     *
     * @param timeline changes no more, and may be kept
     */
    void ended(Timeline timeline);
}
