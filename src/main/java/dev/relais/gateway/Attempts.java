package dev.relais.gateway;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.functions.FunctionSettings;
import dev.relais.http.ClientDeadline;
import dev.relais.http.Problem;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;

/**
 * What an invocation may try again, each once, and all of it within one time limit. Confined to the request's event loop.
 *
 * <p>An exchange that broke off is retried only when the script provably did not start, or the function is declared idempotent. That
 * the method is GET says nothing: PHP functions often write on GET.
 */
final class Attempts {
    private final long headNanos;
    private boolean lookedUpAgain;
    private boolean retried;
    private boolean hasRun;
    private boolean begun;
    private long endNanos; // of the time limit, once begun

    /** @param headNanos when the request's head came */
    Attempts(long headNanos) {
        this.headNanos = headNanos;
    }

    /** Begins an exchange: what is left of the time limit, which begins with the first one, in milliseconds; at least 1. */
    long beginExchange(FunctionSettings settings) {
        if (!begun) {
            begun = true;
            endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(settings.timeoutMillis());
            return settings.timeoutMillis();
        }
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime()));
    }

    /**
     * Whether to look for the script once more.
     *
     * @param body null when there is none
     */
    boolean lookUpAgain(RequestBody body) {
        boolean again = !lookedUpAgain && isRepeatable(body);
        lookedUpAgain = true;
        return again;
    }

    private static boolean isRepeatable(RequestBody body) {
        return body == null || body.isRepeatable();
    }

    /**
     * Whether to run another exchange in place of one that failed before anything of its answer was sent.
     *
     * @param body null when there is none
     */
    boolean retry(ExchangeFailure failure, FunctionSettings settings, HttpServerRequest request, RequestBody body) {
        if (retried || !isRepeatable(body) || !(failure instanceof ExchangeFailure.ConnectionLost lost)) {
            return false;
        }
        long now = System.nanoTime();
        long deadline = ClientDeadline.millis(request);
        retried = (!lost.started() || settings.idempotent())
                && endNanos - now > 0
                && (deadline < 0 || headNanos + TimeUnit.MILLISECONDS.toNanos(deadline) - now > 0);
        hasRun = lost.started();
        return retried;
    }

    /** What a refusal is to the client. It says that nothing has run, which is not so when a first run was lost. */
    Problem refusal(Problem problem) {
        return hasRun ? Problem.FUNCTION_FAILED : problem;
    }
}
