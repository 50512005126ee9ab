package dev.relais.http;

import dev.relais.telemetry.InvocationObservers;
import dev.relais.telemetry.Timeline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.quarkus.arc.All;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Writes the head of every answer that Relais gives on the public port, whether PHP, a file, a problem or the redirect to a
 * folder's path has it. What all of them have in common is added only here: the date, the request's id, the framing and compression of the body,
 * whether the connection ends, and what the beans of {@link AnswerDecoration} add. The answers that Quarkus gives before any
 * route do not pass here: those of its CORS filter, and its redirect from HTTP to HTTPS. Immutable.
 */
@Singleton
public class HeadWriter {
    private final @Nullable Compression compression; // null: off
    private final AnswerDecoration[] decorations;
    private final LongSupplier clock;
    private final InvocationObservers observers;
    private final LongSupplier nanos;
    private final boolean timesAll;
    private final boolean hintsInHttp1;
    private final @Nullable DebugSignature debug; // null: no request may ask for its times
    private final RequestIds ids; // guarded by itself, for answers without a request

    @Inject
    HeadWriter(
            GatewayConfig config,
            DebugConfig debug,
            @All List<AnswerDecoration> decorations,
            InvocationObservers observers) {
        this(
                Compression.of(config),
                decorations,
                observers,
                System::currentTimeMillis,
                System::nanoTime,
                config.serverTiming(),
                config.earlyHintsHttp1(),
                debug,
                new SecureRandom());
    }

    /**
     * @param compression null: off
     * @param observers are told of requests whose head could not be read
     * @param clock milliseconds since 1970
     * @param nanos as {@link System#nanoTime}
     * @param timesAll whether all answers have Server-Timing
     * @param hintsInHttp1 whether clients of HTTP/1.1 get 103 (Early Hints)
     * @param debug says how requests may ask for it; null: not at all
     * @param random for the ids of requests whose head could not be read
     */
    HeadWriter(
            @Nullable Compression compression,
            List<AnswerDecoration> decorations,
            InvocationObservers observers,
            LongSupplier clock,
            LongSupplier nanos,
            boolean timesAll,
            boolean hintsInHttp1,
            @Nullable DebugConfig debug,
            RandomGenerator random) {
        this.compression = compression;
        this.decorations = decorations.toArray(AnswerDecoration[]::new);
        this.observers = observers;
        this.clock = clock;
        this.nanos = nanos;
        this.timesAll = timesAll;
        this.hintsInHttp1 = hintsInHttp1;
        if (debug != null) {
            DebugConfig.check(debug);
        }
        this.debug = debug == null || debug.key().isEmpty()
                ? null
                : new DebugSignature(debug.key().get(), clock);
        this.ids = new RequestIds(random);
    }

    /** Whether the answer to a request has Server-Timing, whatever function gives it. */
    public boolean times(HttpServerRequest request) {
        return timesAll || debug != null && debug.isValid(request);
    }

    /** Whether a request can be signed, see {@link #debugged}. */
    public boolean knowsDebugKey() {
        return debug != null;
    }

    /** How a signed request is to be debugged, in its own word; null when it is not signed, or asks for its times alone. */
    public @Nullable String debugged(HttpServerRequest request) {
        String asked = debug == null ? null : debug.asked(request);
        return asked == null || asked.isEmpty() ? null : asked;
    }

    /**
     * Sets the head of the response, which sends it with the first bytes of the body or with the end.
     *
     * @param timeline of the invocation, which is told who gives the answer
     * @param last whether the head says that it is the connection's last answer
     * @param size of the whole body; -1: not known yet
     * @param whole whether nothing of the body is written before the answer's end, so that the response itself knows the length
     * @return the coding for the body; null when it is sent as it is
     */
    @Nullable
    ContentCoding write(
            AnswerHead head,
            HttpServerRequest request,
            Timeline timeline,
            boolean last,
            HttpDate date,
            long size,
            boolean whole) {
        timeline.answeredBy(head.source());
        HttpServerResponse response = request.response();
        response.setStatusCode(head.status());
        if (!head.reason().equals(response.getStatusMessage())) {
            response.setStatusMessage(head.reason());
        }
        MultiMap fields = response.headers();
        addFields(head, fields, date.now(), RequestId.of(request));
        if (head.status() == 304) {
            WeakenedTags.keepIn304(request.headers(), fields);
        }
        ContentCoding coding = compression == null ? null : compression.begin(head, request, fields, size);
        if (!whole && (coding != null || head.length() < 0)) {
            response.setChunked(true);
        }
        if (last) {
            fields.set("Connection", "close");
        }
        if (timeline.tellsClient()) {
            fields.add(ServerTiming.NAME, ServerTiming.of(timeline, head, nanos.getAsLong()));
        }
        decorate(request, head, fields);
        return coding;
    }

    /** What sends the early hints of one request. */
    EarlyHints hints(HttpServerRequest request) {
        return new EarlyHints(request, hintsInHttp1);
    }

    /** Sends 100 (Continue) to a client that waits with the body of its request. It is no answer, so nothing is added to it. */
    public static void sendContinue(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            VertxConnection.sendInterim(request, new DefaultHttp2Headers().status("100"));
        } else {
            request.response().writeContinue();
        }
    }

    /**
     * A problem as the bytes of a whole HTTP/1.1 answer, for a connection without a request that could be answered, because its
     * head is malformed or does not end. It is the connection's last answer. Any thread.
     *
     * @param client the address of its socket
     */
    ByteBuf lastAnswer(Problem problem, String client) {
        String id;
        synchronized (ids) {
            id = ids.next();
        }
        String json = problem.json(id, null);
        AnswerHead head = AnswerHead.of(problem, Problem.CONTENT_TYPE, json, null, null);
        MultiMap fields = HttpHeaders.headers();
        addFields(head, fields, HttpDate.of(Math.floorDiv(clock.getAsLong(), 1000L)), id);
        fields.set("Connection", "close");
        decorate(null, head, fields);
        StringBuilder answer = new StringBuilder(384)
                .append("HTTP/1.1 ")
                .append(head.status())
                .append(' ')
                .append(head.reason())
                .append("\r\n");
        for (Map.Entry<String, String> field : fields) {
            answer.append(field.getKey()).append(": ").append(field.getValue()).append("\r\n");
        }
        answer.append("\r\n").append(json);
        long now = nanos.getAsLong();
        Timeline timeline = new Timeline(new UnreadableRequest(client, id), now);
        timeline.answeredBy(head.source());
        timeline.problem(problem.slug());
        timeline.end(problem.status(), 0, json.length(), now);
        observers.unreadable(timeline);
        return Unpooled.copiedBuffer(answer, StandardCharsets.ISO_8859_1);
    }

    /**
     * Adds the fields of the head, the date and the request's id, both of which a function may have given, and the length.
     *
     * @param id null when there is none, because the request's head was not looked at
     */
    private static void addFields(AnswerHead head, MultiMap fields, String date, @Nullable String id) {
        List<String> own = head.fields();
        for (int i = 0; i < own.size(); i += 2) {
            fields.add(own.get(i), own.get(i + 1));
        }
        if (!fields.contains("Date")) {
            fields.add("Date", date);
        }
        if (id != null && !fields.contains(RequestId.FIELD)) {
            fields.add(RequestId.FIELD, id);
        }
        if (head.status() == 205) {
            fields.set("Content-Length", "0");
        } else if (head.length() >= 0 && head.status() != 204) {
            fields.set("Content-Length", Long.toString(head.length()));
        }
    }

    private void decorate(@Nullable HttpServerRequest request, AnswerHead head, MultiMap fields) {
        for (AnswerDecoration decoration : decorations) {
            decoration.decorate(request, head, fields);
        }
    }
}
