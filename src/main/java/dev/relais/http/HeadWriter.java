package dev.relais.http;

import io.quarkus.arc.All;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Writes the head of every answer that a client gets on the public port, whoever gives it: PHP, a file, a problem, a redirect. What all
 * answers have in common is added here and nowhere else: the date, how the body is framed and compressed, how the connection goes on, and
 * what the beans of {@link AnswerDecoration} add. Immutable.
 */
@Singleton
public class HeadWriter {
    private final Compression compression; // null: off
    private final AnswerDecoration[] decorations;

    @Inject
    HeadWriter(GatewayConfig config, @All List<AnswerDecoration> decorations) {
        this(Compression.of(config), decorations);
    }

    HeadWriter(Compression compression, List<AnswerDecoration> decorations) {
        this.compression = compression;
        this.decorations = decorations.toArray(AnswerDecoration[]::new);
    }

    /**
     * Gives the head to the response, which sends it with the first bytes of the body or with the end.
     *
     * @param end of the connection with this answer
     * @param size of the whole body; -1: not known yet
     * @param whole whether nothing of the body is written before the answer's end, so that the response itself knows the length
     * @return by what the body is to be compressed; null: it goes out as it is
     */
    ContentCoding write(
            AnswerHead head, HttpServerRequest request, ConnectionEnd end, HttpDate date, long size, boolean whole) {
        HttpServerResponse response = request.response();
        response.setStatusCode(head.status());
        if (!head.reason().equals(response.getStatusMessage())) {
            response.setStatusMessage(head.reason());
        }
        MultiMap fields = response.headers();
        List<String> own = head.fields();
        for (int i = 0; i < own.size(); i += 2) {
            fields.add(own.get(i), own.get(i + 1));
        }
        addDate(fields, date.now());
        if (head.status() == 304) {
            WeakenedTags.keepIn304(request.headers(), fields);
        }
        addLength(head, fields);
        ContentCoding coding = compression == null ? null : compression.begin(head, request, fields, size);
        if (!whole && (coding != null || head.length() < 0)) {
            // Chunks, or in HTTP/1.0, which has none, the end of the connection (RFC 9112 section 6.3).
            response.setChunked(true);
            if (request.version() == HttpVersion.HTTP_1_0) {
                end.announce();
            }
        }
        if (end.isAnnounced()) {
            fields.set("Connection", "close");
        }
        decorate(request, head, fields);
        return coding;
    }

    /** Tells a client that waits for it to send the body of its request. Such a head is no answer, so nothing is added to it. */
    public static void sendContinue(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            VertxConnection.sendContinueToStream(request);
        } else {
            request.response().writeContinue();
        }
    }

    /** A function may have given its own. */
    private static void addDate(MultiMap fields, String date) {
        if (!fields.contains("Date")) {
            fields.add("Date", date);
        }
    }

    private static void addLength(AnswerHead head, MultiMap fields) {
        if (head.status() == 205) {
            fields.set("Content-Length", "0");
        } else if (head.length() >= 0 && head.status() != 204) {
            fields.set("Content-Length", Long.toString(head.length()));
        }
    }

    private void decorate(HttpServerRequest request, AnswerHead head, MultiMap fields) {
        for (AnswerDecoration decoration : decorations) {
            decoration.decorate(request, head, fields);
        }
    }
}
