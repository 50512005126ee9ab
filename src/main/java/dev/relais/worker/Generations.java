package dev.relais.worker;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which generation serves and how the switches to a new one went: written by {@code lifecycle}, read by all. Whoever wants a switch
 * asks here. Any thread.
 */
@Singleton
public class Generations {
    /** Where a switch is. */
    public enum State {
        /** No switch is under way: one generation serves. */
        SERVING,
        /** The next one's masters start. */
        STARTING,
        /** It compiles, and answers its warm-up calls. */
        WARMING,
        /** It serves, and the one before ends what it runs. */
        DRAINING
    }

    /** How a switch ended. */
    public enum Result {
        SWITCHED,
        /** The new generation did not start, or a warm-up call failed: the old one goes on. */
        FAILED,
        /** There is no memory for two. */
        REFUSED
    }

    /**
     * Of one moment.
     *
     * @param number of the generation that serves
     * @param since it does
     * @param problem of the last switch, in one line; null when that went well
     * @param ended scripts of old generations that were ended because they did not end in time
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
        /** The first generation serves. @param problem of its warm-up; null when that went well */
        public static Status first(Instant since, @Nullable String problem) {
            return new Status(1, since, State.SERVING, problem, 0, 0, 0, 0);
        }

        /** With the switch at another point. */
        public Status in(State other) {
            return new Status(number, since, other, problem, switches, failures, refusals, ended);
        }

        /** With another generation that serves, while the one before ends what it runs. */
        public Status switchedTo(int other, Instant now) {
            return new Status(other, now, State.DRAINING, null, switches + 1, failures, refusals, ended);
        }

        /** With one more switch that left this one serving. @param result not {@link Result#SWITCHED} */
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

        /** With the switch over. @param scripts of the generation before that had to be ended */
        public Status drained(int scripts) {
            return new Status(number, since, State.SERVING, problem, switches, failures, refusals, ended + scripts);
        }
    }

    /**
     * What became of one switch.
     *
     * @param number of the new generation
     * @param problem null when it serves
     */
    public record Outcome(
            int number, Result result, @Nullable String problem) {}

    /**
     * A switch that is to be.
     *
     * @param number of the new generation
     * @param outcome completes when it serves, or will not; exceptionally when the gateway stops before
     */
    public record Asked(int number, CompletionStage<Outcome> outcome) {}

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

    /**
     * Asks for a switch to the code as it is now. Callers share one that has not begun yet.
     *
     * @param reason why, for the log
     * @return null when the gateway starts or stops
     */
    public @Nullable Asked ask(String reason) {
        Function<String, Asked> current = switcher;
        return current == null ? null : current.apply(reason);
    }

    /** For {@code lifecycle}. */
    public void publish(Status now) {
        status = now;
    }

    /** For {@code lifecycle}. @param asked takes the wishes; null for none any more */
    public void onAsk(@Nullable Function<String, Asked> asked) {
        switcher = asked;
    }
}
