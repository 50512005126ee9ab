package dev.relais.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes values of {@code X-Relais-Debug}, as src/docs/metrics-and-health.md shows it with openssl. */
public final class DebugSignatures {
    private DebugSignatures() {}

    /**
     * A value.
     *
     * @param seconds since 1970
     * @param mode in which the request is debugged; empty for Server-Timing alone
     */
    public static String of(String key, String method, String target, long seconds, String mode) {
        String begin = mode.isEmpty() ? Long.toString(seconds) : seconds + "." + mode;
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            String text = method + "\n" + target + "\n" + begin;
            return begin + "." + HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** One that counts now, for GET. */
    public static String now(String key, String target, String mode) {
        return of(key, "GET", target, System.currentTimeMillis() / 1000, mode);
    }
}
