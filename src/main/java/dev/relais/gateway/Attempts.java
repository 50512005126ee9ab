package dev.relais.gateway;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.http.Problem;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Decides what an invocation may try again. Each thing is tried again only once, and everything has to fit into one time limit.
 * Confined to the request's event loop.
 *
 * <p>An exchange that broke off is retried only when the script provably did not start, or the function is declared idempotent.
 * The method GET is no reason, because PHP functions often write on GET.
 */
final class Attempts {
    private final LongSupplier clock;
    private final long headNanos;
    private boolean lookedUpAgain;
    private boolean retried;
    private boolean hasRun;
    private boolean begun;
    private long endNanos; // the end of the time limit, once an exchange has begun

    /**
     * @param clock nanoseconds, as {@link System#nanoTime}
     * @param headNanos when the request's head came
     */
    Attempts(LongSupplier clock, long headNanos) {
        this.clock = clock;
        this.headNanos = headNanos;
    }

    /**
     * An exchange begins.
     *
     * @param timeoutMillis the time limit of the function, which begins with the first exchange
     * @return what is left of the time limit, in milliseconds, at least 1
     */
    long beginExchange(long timeoutMillis) {
        if (!begun) {
            begun = true;
            endNanos = clock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
            return timeoutMillis;
        }
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(endNanos - clock.getAsLong()));
    }

    /**
     * Whether to look for the script once more.
     *
     * @param repeatable whether another exchange could have the whole body
     */
    boolean lookUpAgain(boolean repeatable) {
        boolean again = !lookedUpAgain && repeatable;
        lookedUpAgain = true;
        return again;
    }

    /**
     * Whether to run another exchange in place of one that failed before anything of its answer was sent.
     *
     * @param idempotent whether the function may run twice
     * @param repeatable whether another exchange could have the whole body
     * @param deadlineMillis how long the client waits for its answer, counted from the head; negative when the client does not
     *     say it
     */
    boolean retry(ExchangeFailure failure, boolean idempotent, boolean repeatable, long deadlineMillis) {
        if (retried || !repeatable || !(failure instanceof ExchangeFailure.ConnectionLost lost)) {
            return false;
        }
        long now = clock.getAsLong();
        retried = (!lost.started() || idempotent)
                && endNanos - now > 0
                && (deadlineMillis < 0 || headNanos + TimeUnit.MILLISECONDS.toNanos(deadlineMillis) - now > 0);
        hasRun = lost.started();
        return retried;
    }

    /**
     * The problem for a client whose run was refused. A refusal says that nothing has run, which is not true when a first run
     * was lost.
     */
    Problem refusal(Problem problem) {
        return hasRun ? Problem.FUNCTION_FAILED : problem;
    }
}
