package dev.relais.http;

import dev.relais.Digits;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Tells by the field {@code X-Relais-Debug} whether who sends a request knows the secret: it has the time, a dot, and the hexadecimal
 * HMAC-SHA256 of method, target and time, a newline between each two. It counts for a minute before and after that time. What is asked for
 * besides stands after the time, with a dot between, and is signed with it: {@code <time>.step.<HMAC>}. Any thread.
 */
final class DebugSignature {
    static final String NAME = "X-Relais-Debug";

    private static final String ALGORITHM = "HmacSHA256";
    private static final int HEX_LENGTH = 64;
    private static final long VALID_SECONDS = 60;
    private static final long MOST_SECONDS = 1L << 40;

    private final SecretKeySpec key;
    private final LongSupplier millis;

    /** @param millis since 1970 */
    DebugSignature(String key, LongSupplier millis) {
        this.key = new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM);
        this.millis = millis;
    }

    /** Whether it is signed, and nothing else is asked for. */
    boolean isValid(HttpServerRequest request) {
        return "".equals(asked(request));
    }

    /** What a signed request asks for; empty when it names nothing; null when it is not signed. */
    @Nullable
    String asked(HttpServerRequest request) {
        String value = request.headers().get(NAME);
        int dot = value == null ? -1 : value.length() - HEX_LENGTH - 1;
        if (value == null || dot < 1 || value.charAt(dot) != '.') {
            return null;
        }
        int end = value.indexOf('.');
        return isValid(value, dot, end, request.method().name(), request.uri())
                ? value.substring(Math.min(end + 1, dot), dot)
                : null;
    }

    /** @param timeEnd where the time ends */
    private boolean isValid(String value, int dot, int timeEnd, String method, String target) {
        long time = Digits.parse(value.substring(0, timeEnd), MOST_SECONDS);
        if (time < 0 || Math.abs(Math.floorDiv(millis.getAsLong(), 1000L) - time) > VALID_SECONDS) {
            return false;
        }
        try {
            byte[] given = HexFormat.of().parseHex(value, dot + 1, value.length());
            return MessageDigest.isEqual(given, sign(method + '\n' + target + '\n' + value.substring(0, dot)));
        } catch (IllegalArgumentException e) {
            return false; // no hexadecimal digits
        }
    }

    private byte[] sign(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("each JDK has " + ALGORITHM, e);
        }
    }
}
