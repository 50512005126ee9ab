package dev.relais.http;

import static dev.relais.fuzzing.FuzzTarget.check;

import dev.relais.fuzzing.Bytes;
import dev.relais.fuzzing.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Compares {@link RequestTarget} with {@link ReferenceTarget}. In case both are wrong, it also checks that the path begins with
 * a slash, has no dot segment and no NUL, and stays the same when it is encoded and parsed again.
 */
public final class RequestTargetFuzz implements FuzzTarget {
    private static final String[] PARTS = {
        "/",
        "/",
        "/",
        "/",
        ".",
        "..",
        "/../",
        "/./",
        "//",
        "a",
        "api",
        "hello",
        "-",
        "~",
        ";x=1",
        "\\",
        "%2e",
        "%2E",
        "%2f",
        "%2F",
        "%5c",
        "%41",
        "%25",
        "%3b",
        "%c3%a4",
        "\u00c3\u00a4",
        "%F0%9F%98%80",
        "?q=1"
    };
    private static final String[] BAD_PARTS = {
        "%",
        "%0",
        "%00",
        "%zz",
        "%c0%ae",
        "%e0%80%af",
        "%ed%a0%80",
        "%ff",
        "\u00e4",
        "#",
        " ",
        "\0",
        "\177",
        "\t",
        "http://",
        "h"
    };
    private static final String UNRESERVED = "-._~";

    @Override
    public String name() {
        return "request target";
    }

    @Override
    public byte[] input(SplittableRandom random) {
        byte[] text =
                switch (random.nextInt(8)) {
                    case 0 -> Bytes.random(random, 30);
                    case 1, 2 -> Bytes.mutate(target(random, 0), target(random, 0), random);
                    case 3 -> target(random, 6);
                    default -> target(random, 0);
                };
        return text;
    }

    /** @param oneBadIn of how many parts one is bad; 0: none */
    private static byte[] target(SplittableRandom random, int oneBadIn) {
        StringBuilder text = new StringBuilder(random.nextInt(20) == 0 ? "http://h:1/" : "/");
        for (int left = random.nextInt(10); left > 0; left--) {
            boolean bad = oneBadIn > 0 && random.nextInt(oneBadIn) == 0;
            String[] parts = bad ? BAD_PARTS : PARTS;
            text.append(parts[random.nextInt(parts.length)]);
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public boolean accepts(byte[] input, SplittableRandom random) {
        // Bytes, as Vert.x hands them over; sometimes chars that no byte makes.
        String raw = new String(input, random.nextInt(20) == 0 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        RequestTarget target = RequestTarget.parse(raw);
        check(Objects.equals(target, ReferenceTarget.parse(raw)), "it is what the reference makes of it");
        if (target == null) {
            return false;
        }
        String path = target.path();
        check(path.startsWith("/"), "a path begins with a slash");
        check(path.indexOf('\0') < 0, "a path has no NUL");
        check(!path.matches("(?s).*/\\.\\.?(/.*)?"), "a path has no dot segment");
        RequestTarget again = RequestTarget.parse(encode(path, target.encodedSlash()));
        check(again != null && again.path().equals(path), "a path encoded and parsed again is the same");
        check(again.encodedSlash() == target.encodedSlash(), "and so is the place of its first encoded slash");
        return true;
    }

    private static String encode(String path, int encodedSlash) {
        StringBuilder text = new StringBuilder();
        int plain = Math.min(encodedSlash, path.length());
        for (byte one : path.substring(0, plain).getBytes(StandardCharsets.UTF_8)) {
            encode(one, "/" + UNRESERVED, text);
        }
        for (byte one : path.substring(plain).getBytes(StandardCharsets.UTF_8)) {
            encode(one, UNRESERVED, text);
        }
        return text.toString();
    }

    private static void encode(byte one, String kept, StringBuilder text) {
        char c = (char) (one & 0xFF);
        if (c < 0x80 && (Character.isLetterOrDigit(c) || kept.indexOf(c) >= 0)) {
            text.append(c);
        } else {
            text.append('%').append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
        }
    }
}
