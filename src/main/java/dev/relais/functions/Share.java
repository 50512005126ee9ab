package dev.relais.functions;

/**
 * What one function may take of the children, and of the queue for them.
 *
 * @param concurrency invocations that may run at a time, at least 1; {@link Integer#MAX_VALUE} for no limit
 * @param reserved children that are always left for this function, 0 to {@code concurrency}
 * @param priority 0 to 9, the higher the earlier out of the queue
 * @param queue invocations that may wait, at least 0; {@link Integer#MAX_VALUE} for the queue's own share
 */
public record Share(int concurrency, int reserved, int priority, int queue) {
    static final int LOWEST_PRIORITY = 0;
    static final int HIGHEST_PRIORITY = 9;
    /** That of a function about which {@code functions.yaml} says nothing. */
    static final Share USUAL = new Share(Integer.MAX_VALUE, 0, 5, Integer.MAX_VALUE);

    public Share {
        if (concurrency < 1 || queue < 0 || priority < LOWEST_PRIORITY || priority > HIGHEST_PRIORITY) {
            throw new IllegalArgumentException(concurrency + ", " + priority + ", " + queue);
        }
        if (reserved < 0 || reserved > concurrency) {
            throw new IllegalArgumentException("reserved=" + reserved + " is more than concurrency=" + concurrency);
        }
    }
}
