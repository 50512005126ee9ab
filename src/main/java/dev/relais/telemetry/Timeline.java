package dev.relais.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * The moments and counts of one invocation, as plain values until its end; then it is given to each {@link InvocationObserver}, and changes
 * no more. Moments are nanoseconds since the request's head came, so that they can be added and told without a clock; one that has not
 * come is {@link #NEVER}. It is the one object that an invocation makes for all who want to know of it: some hundred bytes. Confined to
 * the request's event loop until the end.
 */
public final class Timeline {
    /** Of a moment that has not come. */
    public static final long NEVER = -1;

    /** What is known of the request itself and costs something to find. An observer that wants it asks. */
    public interface Request {
        /** Of the client as PHP sees it: behind a trusted proxy what that says. */
        String clientAddress();

        /** That the client gave the request; null for none. */
        @Nullable
        String id();
    }

    private final Request request;
    private final long headNanos;
    private @Nullable FunctionMeters function; // null: it has reached none
    private long body = NEVER;
    private long queued = NEVER;
    private long claimed = NEVER;
    private long firstByte = NEVER;
    private long end = NEVER;
    private long bytesIn;
    private long bytesOut;
    private long child = NEVER;
    private int worker = -1;
    private int runs;
    private int status;

    /** @param headNanos {@link System#nanoTime} when the request's head came */
    public Timeline(Request request, long headNanos) {
        this.request = request;
        this.headNanos = headNanos;
    }

    /** The function is found, or another one in its place. */
    public void function(FunctionMeters found) {
        function = found;
    }

    /** The request's body is there, whole; or what is streamed begins. @param nowNanos {@link System#nanoTime}, as of all that follow @return nowNanos */
    public long body(long nowNanos) {
        body = nowNanos - headNanos;
        return nowNanos;
    }

    /** It waits for a child. Of several waits the first counts. */
    public void queued(long nowNanos) {
        queued = queued == NEVER ? nowNanos - headNanos : queued;
    }

    /** It has a slot, and runs; perhaps once more, then the last run counts. */
    public void claimed(int onWorker, long childPid, long nowNanos) {
        claimed = nowNanos - headNanos;
        worker = onWorker;
        child = childPid;
        runs++;
    }

    /** The head of PHP's answer is there. Of several, all but the last of which are forgotten, the last counts. */
    public void firstByte(long nowNanos) {
        firstByte = nowNanos - headNanos;
    }

    /**
     * Its answer is over, in one way or another.
     *
     * @param code of the answer; 499 when the client was gone
     * @param in bytes of the request's body that came
     * @param out bytes of the answer's body
     */
    public void end(int code, long in, long out, long nowNanos) {
        status = code;
        bytesIn = in;
        bytesOut = out;
        end = nowNanos - headNanos;
    }

    /** {@link System#nanoTime} when the request's head came. */
    public long headNanos() {
        return headNanos;
    }

    public Request request() {
        return request;
    }

    @Nullable
    FunctionMeters function() {
        return function;
    }

    /** The name of its function; null when it has reached none. */
    public @Nullable String functionName() {
        return function == null ? null : function.function();
    }

    /** When the request's body was there; {@link #NEVER} without one. */
    public long bodyNanos() {
        return body;
    }

    /** When it first waited for a child; {@link #NEVER} when it found one at once. */
    public long queuedNanos() {
        return queued;
    }

    /** When its last run had a slot; {@link #NEVER} when it needed none or got none. */
    public long claimedNanos() {
        return claimed;
    }

    /** When the head of PHP's answer was there; {@link #NEVER} when it gave none. */
    public long firstByteNanos() {
        return firstByte;
    }

    /** When its answer was over. */
    public long endNanos() {
        return end;
    }

    public long bytesIn() {
        return bytesIn;
    }

    public long bytesOut() {
        return bytesOut;
    }

    /** The worker of its last run; -1 without one. */
    public int worker() {
        return worker;
    }

    /** The process of its last run; {@link #NEVER} without one. */
    public long child() {
        return child;
    }

    /** How often it was run once more. */
    public int retries() {
        return Math.max(0, runs - 1);
    }

    public int status() {
        return status;
    }
}
