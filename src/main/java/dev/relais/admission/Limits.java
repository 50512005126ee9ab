package dev.relais.admission;

/**
 * What one function may take of the children, and of the queue for them.
 *
 * @param concurrency invocations that may run at a time, at least 1; {@link Integer#MAX_VALUE} for no limit of its own
 * @param reserved children that are kept for this function, 0 to {@code concurrency}
 * @param priority {@value #LOWEST_PRIORITY} to {@value #HIGHEST_PRIORITY}; orders the queue and nothing else
 * @param queue invocations that may wait, at least 0; {@link Integer#MAX_VALUE} for the room's own share
 */
public record Limits(int concurrency, int reserved, int priority, int queue) {
    public static final int LOWEST_PRIORITY = 0;
    public static final int HIGHEST_PRIORITY = 9;
    public static final int USUAL_PRIORITY = 5;
    public static final Limits NONE = new Limits(Integer.MAX_VALUE, 0, USUAL_PRIORITY, Integer.MAX_VALUE);

    public Limits {
        if (reserved < 0 || reserved > concurrency) {
            throw new IllegalArgumentException("reserved=" + reserved + " is more than concurrency=" + concurrency);
        }
        if (concurrency < 1 || queue < 0) {
            throw new IllegalArgumentException(concurrency + ", " + reserved + ", " + queue);
        }
        if (priority < LOWEST_PRIORITY || priority > HIGHEST_PRIORITY) {
            throw new IllegalArgumentException("priority=" + priority);
        }
    }
}
