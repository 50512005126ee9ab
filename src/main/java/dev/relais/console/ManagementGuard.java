package dev.relais.console;

import dev.relais.slot.WorkerKind;
import dev.relais.telemetry.ManagementMeters;
import dev.relais.telemetry.ManagementMeters.Reason;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks each request to the management port, except for probes and metrics, which a kubelet and Prometheus ask for by any name. The
 * request has to name a host of {@link ManagementHosts}. Whatever does more than read has to pass {@link GuessRate}, {@link ActionCheck} and
 * {@link ActionRate} as well. No answer of the port carries a CORS field.
 */
@Singleton
public class ManagementGuard {
    /**
     * These paths may be asked for by any Host. A page that uses DNS rebinding learns from them only that a gateway runs, and
     * how busy it is.
     */
    private static final List<String> OPEN = List.of("/q/health", "/q/metrics");

    private final ManagementHosts hosts;
    private final ActionCheck check;
    private final ActionRate rate;
    private final GuessRate guesses;
    private final ManagementMeters meters;

    ManagementGuard(ManagementConfig config, WorkerKind kind, ManagementMeters meters) {
        ManagementConfig.check(config);
        ManagementToken token = ManagementToken.of(config, System.getenv(), ManagementToken.isUserShared());
        ManagementToken.checkWithheld(kind.passedOn());
        this.hosts = new ManagementHosts(config.hosts().orElse(List.of()));
        this.check = new ActionCheck(token, hosts);
        this.rate = new ActionRate(config.actionsPerMinute(), System::nanoTime);
        this.guesses = new GuessRate(config.actionsPerMinute(), System::nanoTime);
        this.meters = meters;
    }

    void register(@Observes ManagementInterface management) {
        Router router = management.router();
        removeCors(router);
        JsonAnswer.prepare();
        router.route().order(Integer.MIN_VALUE).handler(this::handle);
    }

    /**
     * Quarkus lets pages of any origin read this port ("not expected to be used publicly", VertxHttpRecorder), and has no key for it. A
     * browser beside the gateway can run such a page.
     */
    private static void removeCors(Router router) {
        Optional<Route> cors = router.getRoutes().stream()
                .filter(route -> route.toString().contains("CorsHandler"))
                .findFirst();
        if (cors.isEmpty()) {
            throw new IllegalStateException("Quarkus' CORS handler of the management port is not where it was");
        }
        cors.get().remove();
    }

    private void handle(RoutingContext context) {
        if (isOpen(context.normalizedPath())) { // the path by which routes are found
            context.next();
            return;
        }
        HttpServerRequest request = context.request();
        String host = host(request);
        if (!hosts.take(host) || !isTargetTaken(request.uri())) {
            meters.refused(Reason.HOST);
            JsonAnswer.refuse(
                    context,
                    403,
                    "not by this Host: use an IP address, localhost, or a name of relais.management.hosts");
        } else if (isReading(request.method()) || mayAct(context, host)) {
            context.next();
        }
    }

    private static boolean isOpen(String path) {
        for (int i = 0; i < OPEN.size(); i++) {
            String prefix = OPEN.get(i);
            if (path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/')) {
                return true;
            }
        }
        return false;
    }

    /** The Host field, or in HTTP/2 the {@code :authority}; null when there is none, or more than one. */
    private static @Nullable String host(HttpServerRequest request) {
        List<String> fields = request.headers().getAll("Host");
        if (request.version() != HttpVersion.HTTP_2 || request.authority() == null) {
            return fields.size() == 1 ? fields.get(0) : null;
        }
        String authority = request.authority().toString();
        return fields.isEmpty() || fields.size() == 1 && fields.get(0).equalsIgnoreCase(authority) ? authority : null;
    }

    /**
     * Whether the host of an absolute target is allowed. It takes precedence over the Host field (RFC 9112 section 3.2.2), so
     * it is checked as well.
     */
    private boolean isTargetTaken(String target) {
        int scheme = target.startsWith("/") ? -1 : target.indexOf("://");
        return scheme < 0 || hosts.take(target.substring(scheme + 3).split("[/?#]", 2)[0]);
    }

    private static boolean isReading(HttpMethod method) {
        return method == HttpMethod.GET || method == HttpMethod.HEAD || method == HttpMethod.OPTIONS;
    }

    private boolean mayAct(RoutingContext context, @Nullable String host) {
        HttpServerRequest request = context.request();
        boolean guess = request.headers().contains("Authorization");
        if (guess
                && isLate(context, guesses.secondsUntilNext(request.remoteAddress()), "wrong tokens of one address")) {
            return false;
        }
        String problem = check.problem(request.remoteAddress(), host, request.headers());
        if (problem != null) {
            if (guess) {
                guesses.wrong(request.remoteAddress());
            }
            meters.refused(Reason.ACTION);
            JsonAnswer.refuse(context, 403, problem);
            return false;
        }
        return !isLate(context, rate.secondsUntilNext(), "actions");
    }

    /** Whether the request comes too early, in which case it is answered. */
    private boolean isLate(RoutingContext context, long seconds, String what) {
        if (seconds > 0) {
            meters.refused(Reason.RATE);
            context.response().putHeader("Retry-After", Long.toString(seconds));
            JsonAnswer.refuse(context, 429, "more " + what + " than relais.management.actions-per-minute");
        }
        return seconds > 0;
    }
}
