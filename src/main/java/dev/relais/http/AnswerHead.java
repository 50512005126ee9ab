package dev.relais.http;

import dev.relais.fastcgi.ResponseHead;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Set;

/**
 * What a function's head says to the gateway, read once: how long its body is, and whether it may be read ahead of the client. The rest
 * is the client's. Immutable.
 *
 * @param head as the function sent it
 * @param length of the body, in bytes; -1 when the head does not say, or says what is no length
 * @param lengthIsWrong whether it has a Content-Length that counts as none
 * @param buffered whether it does not say {@code X-Accel-Buffering: no}
 */
public record AnswerHead(ResponseHead head, long length, boolean lengthIsWrong, boolean buffered) {
    /** What a function tells nginx, and Relais in its place; never the client (nginx' fastcgi_hide_header hides them, too). */
    private static final String FOR_THE_SERVER = "X-Accel-";

    private static final String LENGTH = "Content-Length";

    public static AnswerHead of(ResponseHead head) {
        List<String> fields = head.fields();
        long length = -1;
        int lengths = 0;
        boolean buffered = true;
        for (int i = 0; i < fields.size(); i += 2) {
            String name = fields.get(i);
            if (isLength(name)) {
                lengths++;
                length = lengths == 1 ? lengthOf(fields.get(i + 1)) : -1;
            } else if (name.equalsIgnoreCase("X-Accel-Buffering")) {
                buffered &= !fields.get(i + 1).equalsIgnoreCase("no");
            }
        }
        return new AnswerHead(head, length, lengths > 0 && length < 0, buffered);
    }

    /** Digits alone are a length (RFC 9110 section 8.6): no sign, no list, no fraction. @return -1 when it is none */
    private static long lengthOf(String value) {
        long length = 0;
        for (int i = 0; i < value.length(); i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9 || length > Long.MAX_VALUE / 10 - 1) {
                return -1;
            }
            length = length * 10 + digit;
        }
        return value.isEmpty() ? -1 : length;
    }

    private static boolean isLength(String name) {
        return name.length() == LENGTH.length() && name.equalsIgnoreCase(LENGTH);
    }

    /** Whether an answer of this status has no body, whatever the function sends (RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5). */
    boolean isBodiless() {
        return head.status() == 204 || head.status() == 205 || head.status() == 304;
    }

    /** Adds the fields that are the client's: not those of the connection, of the framing, or for the server. */
    void addTo(MultiMap headers) {
        List<String> fields = head.fields();
        Set<String> options = HopByHop.options(fields);
        for (int i = 0; i < fields.size(); i += 2) {
            String name = fields.get(i);
            if (!isLength(name)
                    && !name.regionMatches(true, 0, FOR_THE_SERVER, 0, FOR_THE_SERVER.length())
                    && !HopByHop.isOne(name, options)) {
                headers.add(name, fields.get(i + 1));
            }
        }
    }
}
