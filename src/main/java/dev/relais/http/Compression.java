package dev.relais.http;

import dev.relais.ConfigurationProblem;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which answers are compressed, by the rules of nginx' gzip module. Vert.x' own compressor is not used, because in
 * HTTP/2 it compresses again what a function has already compressed, and because no connection could then send files with zero
 * copy. Immutable.
 */
final class Compression {
    /** Smaller bodies are not compressed, because the packet's headers would be most of what is sent. */
    static final int MIN_SIZE = 256;

    private final List<ContentCoding> codings;
    private final Set<String> types;

    private Compression(List<ContentCoding> codings, Set<String> types) {
        this.codings = codings;
        this.types = types;
    }

    /**
     * @return null when it is off
     * @throws ConfigurationProblem when a coding is not available here
     */
    static @Nullable Compression of(GatewayConfig config) {
        Optional<List<ContentCoding>> codings = config.compression();
        if (codings.isEmpty()) {
            return null;
        }
        for (ContentCoding coding : codings.get()) {
            if (!coding.isAvailable()) {
                throw new ConfigurationProblem(
                        "relais.http.compression",
                        coding.token(),
                        "its library is not there for this platform, or cannot be written to java.io.tmpdir and loaded from there",
                        "build Relais on such a machine, see to that folder, or leave it out: gzip is always there");
            }
        }
        return new Compression(codings.get(), Set.copyOf(config.compressionTypes()));
    }

    /**
     * Changes the fields of an answer that is to be compressed, or would be for another client.
     *
     * @param size of the whole body; -1 when it is not known yet
     * @return the coding of the body; null when it is sent as it is
     */
    @Nullable
    ContentCoding begin(AnswerHead head, HttpServerRequest request, MultiMap fields, long size) {
        if (!isCompressible(head, fields)) {
            return null;
        }
        if (!fields.contains(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING, true)) {
            fields.add(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        }
        if (size >= 0 && size < MIN_SIZE || request.version() == HttpVersion.HTTP_1_0) {
            return null;
        }
        ContentCoding coding = AcceptEncoding.best(request.headers().getAll(HttpHeaders.ACCEPT_ENCODING), codings);
        if (coding == null) {
            return null;
        }
        fields.set(HttpHeaders.CONTENT_ENCODING, coding.token());
        fields.remove(HttpHeaders.CONTENT_LENGTH);
        fields.remove(HttpHeaders.ACCEPT_RANGES);
        String tag = fields.get(HttpHeaders.ETAG);
        if (tag != null) {
            fields.set(HttpHeaders.ETAG, WeakenedTags.weakened(tag));
        }
        return coding;
    }

    private boolean isCompressible(AnswerHead head, MultiMap fields) {
        String type = head.mediaType();
        if (type == null
                || head.status() == 206
                || fields.contains(HttpHeaders.CONTENT_ENCODING)
                || fields.contains(HttpHeaders.CONTENT_RANGE)) {
            return false;
        }
        int end = type.indexOf(';');
        String media = (end < 0 ? type : type.substring(0, end)).trim().toLowerCase(Locale.ROOT);
        if (!types.contains(media) || media.equals("text/event-stream")) {
            return false;
        }
        String control = fields.get(HttpHeaders.CACHE_CONTROL);
        return control == null || !control.toLowerCase(Locale.ROOT).contains("no-transform");
    }
}
