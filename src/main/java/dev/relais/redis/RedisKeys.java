package dev.relais.redis;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * The names of what lies in Redis. The number in them is that of the format: gateways with another one do not see it. Immutable.
 *
 * <pre>
 * relais:1:r:(resource)  the token of a resource
 * relais:1:a:(answer)    the token and an answer, or what says how its answers differ
 * relais:1:purges        the journal: a stream
 * relais:1:news          the channel
 * </pre>
 */
final class RedisKeys {
    /** The letters of a token, which stands before each entry. */
    static final int TOKEN = 16;

    private static final int FORMAT = 1;
    private static final String LETTERS = "0123456789abcdef";

    private final String prefix;

    RedisKeys(String word) {
        this.prefix = word + ":" + FORMAT + ":";
    }

    String resource(String hash) {
        return prefix + "r:" + hash;
    }

    String answer(String hash) {
        return prefix + "a:" + hash;
    }

    String journal() {
        return prefix + "purges";
    }

    String channel() {
        return prefix + "news";
    }

    /** A token, of {@link #TOKEN} letters. */
    static String newToken(Random random) {
        StringBuilder token = new StringBuilder(TOKEN);
        for (int i = 0; i < TOKEN; i++) {
            token.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return token.toString();
    }

    /** The token that bytes begin with, of which so many belong to it; empty when it is none. */
    static String token(byte[] bytes, int length) {
        if (length != TOKEN || bytes.length < length) {
            return "";
        }
        for (int i = 0; i < length; i++) {
            if (LETTERS.indexOf(bytes[i]) < 0) {
                return "";
            }
        }
        return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }
}
