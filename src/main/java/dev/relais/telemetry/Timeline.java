package dev.relais.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * The moments and counts of one invocation, as plain values. At the end it is given to each {@link InvocationObserver}, and
 * does not change any more. Moments are nanoseconds since the request's head came, so that they need no clock; a moment that
 * has not come is {@link #NEVER}. An invocation makes only this object, of some hundred bytes, for all observers. Confined to
 * the request's event loop until the end.
 */
public final class Timeline {
    /** The value of a moment that has not come. */
    public static final long NEVER = -1;

    /** Details of the request that cost something to find, so that only an observer that needs them asks. */
    public interface Request {
        /** The client's address as PHP gets it, which is the one that a trusted proxy gives, if there is one. */
        String clientAddress();

        /** The id of the request; null when its head was not looked at. */
        @Nullable
        String id();
    }

    private final Request request;
    private final long headNanos;
    private @Nullable FunctionMeters function; // null until a function is found
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

    /** The function is found, or replaced by another one. */
    public void function(FunctionMeters found) {
        function = found;
    }

    /**
     * The request's body is whole, or begins if it is streamed.
     *
     * @param nowNanos {@link System#nanoTime}, as in all following methods
     * @return nowNanos
     */
    public long body(long nowNanos) {
        body = nowNanos - headNanos;
        return nowNanos;
    }

    /** The invocation waits for a child. Of several waits the first counts. */
    public void queued(long nowNanos) {
        queued = queued == NEVER ? nowNanos - headNanos : queued;
    }

    /** The invocation has a slot and runs. Of several runs the last counts. */
    public void claimed(int onWorker, long childPid, long nowNanos) {
        claimed = nowNanos - headNanos;
        worker = onWorker;
        child = childPid;
        runs++;
    }

    /** The head of PHP's answer has arrived. Of several heads the last counts, since the others were discarded. */
    public void firstByte(long nowNanos) {
        firstByte = nowNanos - headNanos;
    }

    /**
     * The answer has ended, whether completely or not.
     *
     * @param code of the answer; 499 when the client was gone
     * @param in bytes of the request's body that arrived
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

    /** When the request's body was whole; {@link #NEVER} without one. */
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

    /** When the head of PHP's answer arrived; {@link #NEVER} without one. */
    public long firstByteNanos() {
        return firstByte;
    }

    /** When its answer ended. */
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
