package dev.relais.worker;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The status of the generation that serves and of the last switch, which {@code lifecycle} writes and all may read. A switch is
 * requested here. Any thread.
 */
@Singleton
public class Generations {
    /** The state of a switch. */
    public enum State {
        /** There is no switch; one generation serves. */
        SERVING,
        /** The masters of the next generation start. */
        STARTING,
        /** The next generation compiles, and answers its warm-up calls. */
        WARMING,
        /** The new generation serves, and the one before ends what it runs. */
        DRAINING
    }

    /** How a switch ended. */
    public enum Result {
        SWITCHED,
        /** The new generation did not start, or a warm-up call failed. The old one goes on. */
        FAILED,
        /** There is no memory for two generations. */
        REFUSED
    }

    /**
     * The status at one moment.
     *
     * @param number of the generation that serves
     * @param since when it serves
     * @param problem the problem of the last switch, in one line; null when it succeeded
     * @param ended how many scripts of old generations were ended because they took too long
     */
    public record Status(
            int number,
            Instant since,
            State state,
            @Nullable String problem,
            long switches,
            long failures,
            long refusals,
            long ended) {
        /**
         * The status when the first generation serves.
         *
         * @param problem of its warm-up; null when that succeeded
         */
        public static Status first(Instant since, @Nullable String problem) {
            return new Status(1, since, State.SERVING, problem, 0, 0, 0, 0);
        }

        /** The status with the switch in another state. */
        public Status in(State other) {
            return new Status(number, since, other, problem, switches, failures, refusals, ended);
        }

        /** The status with another generation that serves, while the one before ends what it runs. */
        public Status switchedTo(int other, Instant now) {
            return new Status(other, now, State.DRAINING, null, switches + 1, failures, refusals, ended);
        }

        /**
         * The status after a switch that has not succeeded.
         *
         * @param result not {@link Result#SWITCHED}
         */
        public Status without(Result result, @Nullable String why) {
            return new Status(
                    number,
                    since,
                    State.SERVING,
                    why,
                    switches,
                    failures + (result == Result.FAILED ? 1 : 0),
                    refusals + (result == Result.REFUSED ? 1 : 0),
                    ended);
        }

        /**
         * The status when the switch is complete.
         *
         * @param scripts how many scripts of the generation before had to be ended
         */
        public Status drained(int scripts) {
            return new Status(number, since, State.SERVING, problem, switches, failures, refusals, ended + scripts);
        }
    }

    /**
     * The outcome of one switch.
     *
     * @param number of the new generation
     * @param problem null when the new generation serves
     */
    public record Outcome(
            int number, Result result, @Nullable String problem) {}

    /**
     * A requested switch.
     *
     * @param number of the new generation
     * @param outcome completes when the new generation serves or is given up; exceptionally when the gateway stops before
     */
    public record Asked(int number, CompletionStage<Outcome> outcome) {}

    private volatile int preloaded;
    private volatile Status status;
    private volatile @Nullable Function<String, Asked> switcher;

    public Generations() {
        this(InstantSource.system());
    }

    Generations(InstantSource clock) {
        status = Status.first(clock.instant(), null);
    }

    public Status status() {
        return status;
    }

    /** How many scripts the generation that serves has preloaded by what was learned. Any thread. */
    public int preloaded() {
        return preloaded;
    }

    /** For {@code lifecycle}: sets how many scripts the generation that serves now has preloaded. */
    public void preloads(int scripts) {
        preloaded = scripts;
    }

    /**
     * Requests a switch to the code as it is now. Callers share a switch that has not begun yet.
     *
     * @param reason why, for the log
     * @return null while the gateway starts or stops
     */
    public @Nullable Asked ask(String reason) {
        Function<String, Asked> current = switcher;
        return current == null ? null : current.apply(reason);
    }

    /** Publishes a new status; for {@code lifecycle}. */
    public void publish(Status now) {
        status = now;
    }

    /**
     * Sets what carries out requests; for {@code lifecycle}.
     *
     * @param asked null when no more are accepted
     */
    public void onAsk(@Nullable Function<String, Asked> asked) {
        switcher = asked;
    }
}
