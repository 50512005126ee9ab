package dev.relais.telemetry;

import dev.relais.slot.SlotOwner;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
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

    private static final int ASKED = 0; // the places in cacheMoments
    private static final int KNOWN = 1;

    /** Who gives an answer. */
    public enum Source {
        PHP,
        CACHE,
        FILE,
        RELAIS;

        private final String word = name().toLowerCase(Locale.ROOT);

        /** As logs and headers call it. */
        public String word() {
            return word;
        }
    }

    /**
     * Details of the request that cost something to find, so that only an observer that needs them asks, before it returns. All but the
     * address are as the client has sent them.
     */
    public interface Request {
        /** The client's address as PHP gets it, which is the one that a trusted proxy gives, if there is one. */
        String clientAddress();

        /** The id of the request; null when its head was not looked at. */
        @Nullable
        String id();

        /** Null when the head could not be read. */
        @Nullable
        String method();

        /** The request target; null when an HTTP/2 request has none, or the head could not be read. */
        @Nullable
        String target();

        /** As {@code HTTP/1.1}; null when the head could not be read. */
        @Nullable
        String protocol();

        /** The scheme as PHP gets it; null when the head could not be read. */
        default @Nullable String scheme() {
            return null;
        }

        /** The id of the trace that it belongs to, as its field {@code traceparent} in force has it; null for none. */
        default @Nullable String traceId() {
            return null;
        }

        /** The first value of a field; of {@code host} the authority when there is no such field; null for none. */
        @Nullable
        String field(String name);
    }

    private final Request request;
    private final long headNanos;
    private @Nullable FunctionMeters function; // null until a function is found
    private long body = NEVER;
    private long queued = NEVER;
    private long claimed = NEVER;
    private long firstByte = NEVER;
    private long lastByte = NEVER;
    private long end = NEVER;
    private long bytesIn;
    private long bytesOut;
    private long child = NEVER;
    private int worker = -1;
    private int generation = -1;
    private @Nullable String script;
    private @Nullable Supplier<@Nullable String> cache; // null: the cache has no part in it
    private @Nullable Source source;
    private @Nullable String problem;
    private boolean broken;
    private boolean timed;
    private long @Nullable [] cacheMoments; // when the result cache was asked, and when it gave; null without spans
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

    /**
     * The invocation has a slot and runs. Of several runs the last counts.
     *
     * @param on the worker
     * @param childPid the process
     * @param name of the script, as PHP gets it in SCRIPT_NAME
     */
    public void claimed(SlotOwner on, long childPid, String name, long nowNanos) {
        claimed = nowNanos - headNanos;
        worker = on.id();
        generation = on.generation();
        child = childPid;
        script = name;
        firstByte = NEVER;
        lastByte = NEVER;
        runs++;
    }

    /** The head of PHP's answer has arrived. Of several heads the last counts, since the others were discarded. */
    public void firstByte(long nowNanos) {
        firstByte = nowNanos - headNanos;
    }

    /** PHP's answer is complete, or will not come. Its client may not have it yet. */
    public void lastByte(long nowNanos) {
        lastByte = nowNanos - headNanos;
    }

    /**
     * The result cache has a part in the invocation.
     *
     * @param outcome gives how the request got its answer, as the cache's meters call it; null while that is not known
     */
    public void cacheBy(Supplier<@Nullable String> outcome) {
        cache = outcome;
    }

    /** It will have spans, for which moments are kept that nobody else needs. */
    public void trace() {
        cacheMoments = new long[] {NEVER, NEVER};
    }

    /** The result cache is asked. */
    public void cacheAsked(LongSupplier clock) {
        cacheMoment(ASKED, clock);
    }

    /** What the result cache gives is known. Of several such moments the last counts. */
    public void cacheKnown(LongSupplier clock) {
        cacheMoment(KNOWN, clock);
    }

    private void cacheMoment(int which, LongSupplier clock) {
        if (cacheMoments != null) {
            cacheMoments[which] = clock.getAsLong() - headNanos;
        }
    }

    /** The client is to be told what is known of the invocation when its answer begins. */
    public void tellClient() {
        timed = true;
    }

    /** The head of an answer goes to the client. */
    public void answeredBy(Source giver) {
        source = giver;
    }

    /**
     * The gateway ends the invocation with a problem, or breaks an answer off because of it.
     *
     * @param name the last word of its type
     */
    public void problem(String name) {
        problem = name;
    }

    /** The client sees an answer that is not whole. */
    public void brokenOff() {
        broken = true;
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

    /** When PHP's answer was complete, or lost; {@link #NEVER} without one. */
    public long lastByteNanos() {
        return lastByte;
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

    /** The generation of that worker; -1 without one. */
    public int generation() {
        return generation;
    }

    /** The name of the script of its last run; null without one. */
    public @Nullable String script() {
        return script;
    }

    /** How the request got its answer, as the meters of the result cache call it; null when the cache has no part in it. */
    public @Nullable String cache() {
        return cache == null ? null : cache.get();
    }

    /** When the result cache was asked; {@link #NEVER} when it was not, or the invocation has no spans. */
    public long cacheAskedNanos() {
        return cacheMoments == null ? NEVER : cacheMoments[ASKED];
    }

    /** When it was known what the result cache gives; {@link #NEVER} if that never was. */
    public long cacheKnownNanos() {
        return cacheMoments == null ? NEVER : cacheMoments[KNOWN];
    }

    /** Who has given the answer; null when nothing of one was sent. */
    public @Nullable Source source() {
        return source;
    }

    /** The problem with which the gateway has ended the invocation, as the last word of its type; null for none. */
    public @Nullable String problem() {
        return problem;
    }

    /** Whether the client is told what is known of the invocation when its answer begins. */
    public boolean tellsClient() {
        return timed;
    }

    /** Whether the client saw an answer that was not whole. */
    public boolean isBrokenOff() {
        return broken;
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
