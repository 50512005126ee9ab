package dev.relais.telemetry;

import java.time.Instant;
import java.util.List;

/**
 * What the gateway has done lately: of each function the last ten seconds, and of all together the last ten minutes, second by second.
 * Immutable.
 *
 * @param number counts up with each one that is made
 * @param history the oldest first, at most {@link Activities#MOMENTS}
 * @param functions those of which invocations have ended lately, or run or wait now
 */
public record Activity(long number, List<Moment> history, List<Function> functions) {
    /** Before the first second is over. */
    public static final Activity NONE = new Activity(0, List.of(), List.of());

    public Activity {
        history = List.copyOf(history);
        functions = List.copyOf(functions);
    }

    /**
     * One second. Latencies are in milliseconds, -1 when nothing ended in it.
     *
     * @param at when it was over, by the wall clock
     * @param rate invocations that ended, in a second
     * @param failed those of them that were answered with a 5xx, in a second
     * @param refused invocations that were refused, in a second
     * @param waited the 95th percentile of the time that they waited for a child; those that did not wait count with 0
     * @param waiting invocations that waited at its end
     * @param busy the part of the children's time in which they were busy, 0 to 1 and above when invocations wait
     * @param cpu the part of the processors that was used, 0 to 1; -1 when it is not known
     */
    public record Moment(
            Instant at,
            double rate,
            double failed,
            double refused,
            double p50,
            double p95,
            double p99,
            double waited,
            int waiting,
            double busy,
            double cpu) {}

    /**
     * The last ten seconds of one function; the latencies are as in {@link Moment}.
     *
     * @param name {@code (none)} for all requests that reached no function
     * @param running invocations that run now
     * @param waiting invocations that wait for a child now
     */
    public record Function(
            String name,
            double rate,
            double failed,
            double p50,
            double p95,
            double p99,
            double waited,
            int running,
            int waiting) {
        /** Whether there is anything to tell of it. */
        boolean isActive() {
            return rate > 0 || running > 0 || waiting > 0;
        }
    }
}
