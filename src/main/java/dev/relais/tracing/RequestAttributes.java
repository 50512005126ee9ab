package dev.relais.tracing;

import dev.relais.telemetry.FunctionMeters;
import dev.relais.telemetry.Timeline;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the spans of a request tell: by OpenTelemetry's semantic conventions for HTTP, and as {@code relais.*} what only Relais knows. The
 * query is left out, because there may be secrets in it. What comes from the client is cut.
 */
final class RequestAttributes {
    static final AttributeKey<String> CACHE = AttributeKey.stringKey("relais.cache");

    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> ORIGINAL = AttributeKey.stringKey("http.request.method_original");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<Long> BODY_IN = AttributeKey.longKey("http.request.body.size");
    private static final AttributeKey<Long> BODY_OUT = AttributeKey.longKey("http.response.body.size");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
    private static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
    private static final AttributeKey<String> VERSION = AttributeKey.stringKey("network.protocol.version");
    private static final AttributeKey<String> TRANSPORT = AttributeKey.stringKey("network.transport");
    private static final AttributeKey<String> SERVER = AttributeKey.stringKey("server.address");
    private static final AttributeKey<Long> PORT = AttributeKey.longKey("server.port");
    private static final AttributeKey<String> CLIENT = AttributeKey.stringKey("client.address");
    private static final AttributeKey<String> AGENT = AttributeKey.stringKey("user_agent.original");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    private static final AttributeKey<Long> PROCESS = AttributeKey.longKey("process.pid");
    private static final AttributeKey<String> ID = AttributeKey.stringKey("relais.request_id");
    private static final AttributeKey<String> FUNCTION = AttributeKey.stringKey("relais.function");
    private static final AttributeKey<String> SCRIPT = AttributeKey.stringKey("relais.script");
    private static final AttributeKey<String> GIVER = AttributeKey.stringKey("relais.source");
    private static final AttributeKey<String> PROBLEM = AttributeKey.stringKey("relais.problem");
    private static final AttributeKey<String> ENDING = AttributeKey.stringKey("relais.ending");
    private static final AttributeKey<Long> RETRIES = AttributeKey.longKey("relais.retries");
    private static final AttributeKey<Long> WORKER = AttributeKey.longKey("relais.worker");
    private static final AttributeKey<Long> GENERATION = AttributeKey.longKey("relais.generation");
    private static final AttributeKey<Double> QUEUE = AttributeKey.doubleKey("relais.queue_seconds");

    /** Methods that have a name there (RFC 9110, and PATCH); a client may invent any number of others. */
    private static final Set<String> METHODS =
            Set.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE");

    private static final String OTHER = "_OTHER";
    private static final String API = "/api/";
    private static final int LONGEST = 1024;
    private static final double SECOND = 1e9;

    private RequestAttributes() {}

    /** The name of a request's span, of which there are few. */
    static String name(Timeline timeline) {
        String method = method(timeline);
        String route = route(timeline);
        String shown = method.equals(OTHER) ? "HTTP" : method;
        return route == null ? shown : shown + ' ' + route;
    }

    /** Whether the gateway or the function is to blame for how it ended. */
    static boolean isError(Timeline timeline) {
        return timeline.status() >= 500 || timeline.isBrokenOff();
    }

    static Attributes of(Timeline timeline) {
        AttributesBuilder all = Attributes.builder();
        request(all, timeline.request(), method(timeline));
        all.put(ROUTE, route(timeline));
        boolean gone = timeline.status() == FunctionMeters.CLIENT_CLOSED;
        if (!gone) {
            all.put(STATUS, (long) timeline.status());
        }
        all.put(BODY_IN, timeline.bytesIn());
        all.put(BODY_OUT, timeline.bytesOut());
        all.put(ERROR, error(timeline, gone));
        all.put(FUNCTION, timeline.functionName());
        all.put(SCRIPT, timeline.script());
        all.put(CACHE, timeline.cache());
        Timeline.Source giver = timeline.source();
        all.put(GIVER, giver == null ? null : giver.word());
        all.put(PROBLEM, timeline.problem());
        all.put(ENDING, gone ? "client-gone" : timeline.isBrokenOff() ? "broken-off" : "whole");
        all.put(RETRIES, (long) timeline.retries());
        if (timeline.worker() >= 0) {
            all.put(WORKER, (long) timeline.worker());
            all.put(GENERATION, (long) timeline.generation());
        }
        long queued = timeline.queuedNanos();
        if (queued >= 0) {
            long until = timeline.claimedNanos() < queued ? timeline.endNanos() : timeline.claimedNanos();
            all.put(QUEUE, (until - queued) / SECOND);
        }
        return all.build();
    }

    /** @param error null for none */
    static Attributes of(RequestTrace.Run run, @Nullable String error) {
        AttributesBuilder all = Attributes.builder();
        all.put(TRANSPORT, "unix");
        all.put(WORKER, (long) run.worker());
        all.put(GENERATION, (long) run.generation());
        all.put(PROCESS, run.child());
        all.put(SCRIPT, run.script());
        all.put(ERROR, error);
        return all.build();
    }

    private static void request(AttributesBuilder all, Timeline.Request request, String method) {
        all.put(METHOD, method);
        all.put(ORIGINAL, method.equals(OTHER) ? cut(request.method()) : null);
        all.put(PATH, cut(path(request.target())));
        all.put(SCHEME, request.scheme());
        all.put(VERSION, version(request.protocol()));
        all.put(CLIENT, request.clientAddress());
        all.put(AGENT, cut(request.field("user-agent")));
        all.put(ID, request.id());
        String host = request.field("host");
        if (host != null) {
            int colon = host.lastIndexOf(':');
            boolean port =
                    colon > host.lastIndexOf(']') && host.substring(colon + 1).matches("[0-9]{1,5}");
            all.put(SERVER, cut(port ? host.substring(0, colon) : host));
            if (port) {
                all.put(PORT, Long.parseLong(host.substring(colon + 1)));
            }
        }
    }

    private static String method(Timeline timeline) {
        String method = timeline.request().method();
        return method != null && METHODS.contains(method) ? method : OTHER;
    }

    private static @Nullable String route(Timeline timeline) {
        String function = timeline.functionName();
        return function == null ? null : API + function;
    }

    /** What went wrong: the problem if Relais gave the answer, else the status of PHP's; null for nothing. */
    private static @Nullable String error(Timeline timeline, boolean gone) {
        if (gone) {
            return "client-gone";
        }
        if (!isError(timeline)) {
            return null;
        }
        String problem = timeline.problem();
        if (problem != null) {
            return problem;
        }
        return timeline.status() >= 500 ? Integer.toString(timeline.status()) : "broken-off";
    }

    /** Of a target in any form, without its query. */
    private static @Nullable String path(@Nullable String target) {
        if (target == null) {
            return null;
        }
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        int authority = path.startsWith("/") ? -1 : path.indexOf("://");
        int from = authority < 0 ? 0 : path.indexOf('/', authority + 3);
        return from < 0 ? "/" : path.substring(from);
    }

    private static @Nullable String version(@Nullable String protocol) {
        if (protocol == null) {
            return null;
        }
        String version = protocol.substring(protocol.indexOf('/') + 1);
        return version.equals("2.0") ? "2" : version;
    }

    private static @Nullable String cut(@Nullable String text) {
        return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }
}
