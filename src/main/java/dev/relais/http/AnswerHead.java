package dev.relais.http;

import dev.relais.Digits;
import dev.relais.fastcgi.ResponseHead;
import dev.relais.telemetry.Timeline.Source;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The head of an answer. It is made once for each answer, whether PHP, a file or a problem gives it, and {@link HeadWriter}
 * writes it. Immutable.
 *
 * @param status 100 to 999
 * @param reason the reason phrase of HTTP/1
 * @param fields name, value, name, value, of the fields for the client; without those about the connection, about framing, and
 *     for the server
 * @param mediaType of the content; also when no field tells the client, as in a 304; null when it is not known, or must not be
 *     compressed
 * @param length of the body in bytes, before it is compressed; -1 when it is not known
 * @param lengthIsWrong whether the function's Content-Length is invalid, and is ignored
 * @param buffered whether Relais may read the body faster than the client takes it: the function has not said
 *     {@code X-Accel-Buffering: no}
 * @param delivery where the body comes from
 * @param source who gives the answer
 */
public record AnswerHead(
        int status,
        String reason,
        List<String> fields,
        @Nullable String mediaType,
        long length,
        boolean lengthIsWrong,
        boolean buffered,
        Delivery delivery,
        Source source) {
    /**
     * The prefix of fields that a function sends to nginx, or to Relais in its place. They never reach a client, as with nginx,
     * which hides them too.
     */
    private static final String FOR_THE_SERVER = "X-Accel-";

    private static final String LENGTH = "Content-Length";
    private static final long MOST_LENGTH = Long.MAX_VALUE - 1;

    private static final String TYPE = "Content-Type";

    /** The head of an answer whose body Relais itself has. */
    private AnswerHead(int status, List<String> fields, @Nullable String mediaType, long length, Source source) {
        this(
                status,
                HttpResponseStatus.valueOf(status).reasonPhrase(),
                fields,
                mediaType,
                length,
                false,
                true,
                Delivery.BY_PHP,
                source);
    }

    /** The head of a function's answer. The list of its fields is copied only if one of them is not for the client. */
    public static AnswerHead of(ResponseHead head) {
        List<String> fields = head.fields();
        Set<String> options = HopByHop.options(fields);
        Delivery delivery = Delivery.of(fields);
        List<String> kept = null; // all so far
        String type = null;
        long length = -1;
        int lengths = 0;
        boolean buffered = true;
        for (int i = 0; i < fields.size(); i += 2) {
            String name = fields.get(i);
            String value = fields.get(i + 1);
            boolean isLength = is(LENGTH, name);
            if (isLength) {
                lengths++;
                length = lengths == 1 ? Digits.parse(value, MOST_LENGTH) : -1; // RFC 9110 section 8.6
            } else if (type == null && is(TYPE, name)) {
                type = value;
            } else if (name.equalsIgnoreCase("X-Accel-Buffering")) {
                buffered &= !value.equalsIgnoreCase("no");
            }
            boolean ends = isLength || isForTheServer(name) || HopByHop.isOne(name, options) || delivery.drops(name);
            if (ends && kept == null) {
                kept = new ArrayList<>(fields.size());
                kept.addAll(fields.subList(0, i));
            } else if (!ends && kept != null) {
                kept.add(name);
                kept.add(value);
            }
        }
        return new AnswerHead(
                head.status(),
                head.reason(),
                kept == null ? fields : kept,
                type,
                length,
                lengths > 0 && length < 0,
                buffered,
                delivery,
                Source.PHP);
    }

    /**
     * The head of a file's answer, or of a 304 or other answer in its place.
     *
     * @param mediaType decides whether the file is compressed, or for a 304 whether it would be; null when that is decided already
     */
    public static AnswerHead ofFile(int status, List<String> fields, @Nullable String mediaType, long length) {
        return new AnswerHead(status, fields, mediaType, length, Source.FILE);
    }

    /** The head of a redirect to another target. */
    public static AnswerHead redirect(String location, int status) {
        return new AnswerHead(status, List.of("Location", location), null, 0, Source.FILE);
    }

    /**
     * The head of a problem. It has no media type, because its short body is not to be compressed.
     *
     * @param type of the body
     * @param body ASCII
     * @param name the name of an extra field; null for none, or for Retry-After when the problem {@linkplain Problem#isMomentary
     *     is momentary}
     */
    static AnswerHead of(Problem problem, String type, String body, @Nullable String name, @Nullable String value) {
        List<String> fields = new ArrayList<>(6);
        fields.add(TYPE);
        fields.add(type);
        fields.add("Cache-Control");
        fields.add("no-store");
        if (name != null) {
            fields.add(name);
            fields.add(value);
        } else if (problem.isMomentary()) {
            fields.add("Retry-After");
            fields.add("1");
        }
        return new AnswerHead(problem.status(), fields, null, body.length(), Source.RELAIS);
    }

    /**
     * The head of an answer that is given again.
     *
     * @param mediaType decides whether the body is compressed
     */
    public static AnswerHead ofStored(
            int status, String reason, List<String> fields, @Nullable String mediaType, long length) {
        return new AnswerHead(status, reason, fields, mediaType, length, false, true, Delivery.BY_PHP, Source.CACHE);
    }

    public AnswerHead withFields(List<String> others) {
        return others == fields
                ? this
                : new AnswerHead(status, reason, others, mediaType, length, lengthIsWrong, buffered, delivery, source);
    }

    /** The same answer with another status. */
    AnswerHead withStatus(int other) {
        String phrase = HttpResponseStatus.valueOf(other).reasonPhrase();
        return new AnswerHead(other, phrase, fields, mediaType, length, lengthIsWrong, buffered, delivery, source);
    }

    AnswerHead withLength(long corrected) {
        return new AnswerHead(status, reason, fields, mediaType, corrected, lengthIsWrong, buffered, delivery, source);
    }

    private static boolean is(String wanted, String name) {
        return name.length() == wanted.length() && name.equalsIgnoreCase(wanted);
    }

    private static boolean isForTheServer(String name) {
        return name.regionMatches(true, 0, FOR_THE_SERVER, 0, FOR_THE_SERVER.length());
    }

    /** Whether an answer of this status has no body, whatever the function sends (RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5). */
    boolean isBodiless() {
        return status == 204 || status == 205 || status == 304;
    }
}
