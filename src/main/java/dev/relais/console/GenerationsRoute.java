package dev.relais.console;

import dev.relais.DurationText;
import dev.relais.worker.Generations;
import dev.relais.worker.Generations.Asked;
import dev.relais.worker.Generations.Outcome;
import dev.relais.worker.Generations.Result;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.Context;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * {@code POST /q/relais/generations} asks for a switch to the code as it is now. The answer is 202 with the number of the new
 * generation. With {@code ?wait=30s} the answer is the outcome, if there is one by then: 200, 409 when the old generation goes
 * on, 507 when there is no memory for two. {@link ManagementGuard} checks before whether the sender may ask.
 */
@Singleton
public class GenerationsRoute {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Generations generations;

    GenerationsRoute(Generations generations) {
        this.generations = generations;
    }

    void register(@Observes ManagementInterface management) {
        management.router().post("/q/relais/generations").handler(this::handle);
    }

    private void handle(RoutingContext context) {
        String wait = context.request().getParam("wait");
        long millis = wait == null ? 0 : millis(wait);
        if (millis < 0) {
            JsonAnswer.refuse(context, 400, "wait is no time: write it like 30s, up to 600s");
            return;
        }
        Asked asked = generations.ask(
                "a POST came from " + context.request().remoteAddress().hostAddress());
        if (asked == null) {
            JsonAnswer.refuse(context, 503, "the gateway starts or stops");
        } else if (millis == 0) {
            JsonAnswer.send(context, 202, body(asked.number(), "asked"));
        } else {
            await(context, asked, millis);
        }
    }

    private static long millis(String wait) {
        long millis = DurationText.millis(wait);
        return millis <= LONGEST.toMillis() ? millis : -1;
    }

    private void await(RoutingContext context, Asked asked, long millis) {
        Context loop = context.vertx().getOrCreateContext();
        asked.outcome()
                .toCompletableFuture()
                .copy()
                .completeOnTimeout(null, millis, TimeUnit.MILLISECONDS)
                .whenComplete((outcome, failure) -> loop.runOnContext(now -> {
                    if (failure != null) {
                        JsonAnswer.refuse(context, 503, "the gateway stops");
                    } else if (outcome == null) {
                        JsonAnswer.send(context, 202, body(asked.number(), "asked"));
                    } else {
                        JsonAnswer.send(context, status(outcome.result()), body(outcome));
                    }
                }));
    }

    private static int status(Result result) {
        return switch (result) {
            case SWITCHED -> 200;
            case FAILED -> 409;
            case REFUSED -> 507;
        };
    }

    private static JsonObject body(Outcome outcome) {
        JsonObject body = body(outcome.number(), outcome.result().name().toLowerCase(java.util.Locale.ROOT));
        return outcome.problem() == null ? body : body.put("problem", outcome.problem());
    }

    private static JsonObject body(int number, String outcome) {
        return new JsonObject().put("generation", number).put("outcome", outcome);
    }
}
