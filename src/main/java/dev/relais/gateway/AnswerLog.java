package dev.relais.gateway;

import dev.relais.LimitedLog;
import dev.relais.LogText;
import dev.relais.dispatch.ExchangeControl;
import dev.relais.events.RequestEvent;
import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.http.Problem;
import dev.relais.http.RequestId;
import dev.relais.http.RequestOrigin;
import io.vertx.core.http.HttpServerRequest;
import org.jboss.logging.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Logs warnings about answers of PHP, each with the function and the request that it belongs to. */
final class AnswerLog {
    private static final LimitedLog LOG = new LimitedLog(AnswerLog.class);

    private AnswerLog() {}

    /**
     * @param kind the fixed words
     * @param detail null when the fixed words are enough
     */
    static void warn(String kind, String function, HttpServerRequest request, @Nullable Object detail) {
        LOG.line(
                Level.WARN,
                kind,
                function,
                () -> kind + ": " + RequestOrigin.of(function, request)
                        + (detail == null ? "" : " detail=" + LogText.value(detail)));
    }

    /**
     * Logs a failed request with everything that is needed to find out what happened to the process. The lines of its master
     * and of the kernel have the same process id.
     */
    static void failed(
            String function,
            HttpServerRequest request,
            ExchangeControl exchange,
            Problem problem,
            ExchangeFailure failure) {
        String kind = "Request failed";
        String started = failure instanceof ExchangeFailure.ConnectionLost lost ? " started=" + lost.started() : "";
        LOG.line(
                Level.WARN,
                kind,
                function,
                () -> kind + ": " + RequestOrigin.of(function, request) + " " + exchange.process() + started
                        + " problem=" + LogText.value(problem.name()) + " detail=" + LogText.value(failure.detail()));
    }

    /** Makes the event, with the same details as {@link #failed}, for a request that is run again. */
    static RequestEvent.RunAgain runAgain(
            String function,
            HttpServerRequest request,
            ExchangeControl exchange,
            Problem problem,
            ExchangeFailure failure) {
        boolean started = failure instanceof ExchangeFailure.ConnectionLost lost && lost.started();
        return new RequestEvent.RunAgain(
                function,
                request.method().name(),
                request.uri(),
                RequestId.of(request),
                exchange.workerId(),
                exchange.childPid(),
                started,
                problem.name(),
                failure.detail());
    }
}
