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

/**
 * Tells by the field {@code X-Relais-Debug} whether who sends a request knows the secret: it has the time, a dot, and the hexadecimal
 * HMAC-SHA256 of method, target and time, a newline between each two. It counts for a minute before and after that time. Any thread.
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

    boolean isValid(HttpServerRequest request) {
        String value = request.headers().get(NAME);
        return value != null && isValid(value, request.method().name(), request.uri());
    }

    private boolean isValid(String value, String method, String target) {
        int dot = value.length() - HEX_LENGTH - 1;
        long time = dot < 1 || value.charAt(dot) != '.' ? -1 : Digits.parse(value.substring(0, dot), MOST_SECONDS);
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
