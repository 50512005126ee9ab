package dev.relais.fastcgi;

import static dev.relais.fuzzing.FuzzTarget.check;

import dev.relais.fuzzing.Bytes;
import dev.relais.fuzzing.FuzzTarget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Compares {@link HeadParser} with {@link ReferenceHead}: both give the same head or {@link HeadParser.Invalid} after the same
 * bytes, whatever pieces they come in, and the parser never keeps more bytes than the limit.
 */
public final class HeadFuzz implements FuzzTarget {
    // The good ones first, and how many they are.
    private static final int GOOD_NAMES = 8;
    private static final int GOOD_VALUES = 15;
    private static final int GOOD_SEPARATORS = 5;
    private static final int GOOD_ENDS = 4;
    private static final String[] NAMES = {
        "Status",
        "status",
        "Location",
        "Content-type",
        "Set-Cookie",
        "X-A",
        "A",
        FinishMark.FIELD,
        "",
        "A B",
        "A\0",
        "\u00c4",
        "X_y",
        "{}"
    };
    private static final String[] VALUES = {
        "",
        "200",
        "404 Not Found",
        "99",
        "100 Continue",
        "302",
        "200OK",
        "/x",
        "text/html; charset=UTF-8",
        "a=1; Path=/",
        "one\r\n two",
        "\n\tone",
        "\tx ",
        RecordStreams.MARK.nonce(),
        "\u00e4\u0085",
        "a\rb",
        "a\0b",
        "\177",
        "x: y"
    };
    private static final String[] SEPARATORS = {":", ": ", ": ", ": ", ":\t ", " :", "=", ""};
    private static final String[] ENDS = {"\r\n", "\r\n", "\r\n", "\n", "\r", "\r\r\n", "\n\r"};
    private static final int[] LIMITS = {16, 64, 512, 700, 4_096};

    private final Map<Integer, HeadParser> parsers = new TreeMap<>(); // used again and again, as a connection does

    @Override
    public String name() {
        return "CGI head parser";
    }

    @Override
    public byte[] input(SplittableRandom random) {
        return random.nextInt(10) == 0 ? Bytes.random(random, 80) : next(random);
    }

    /** A head, good more often than not, and what follows it. */
    static byte[] next(SplittableRandom random) {
        byte[] good = head(random, false);
        return switch (random.nextInt(4)) {
            case 0 -> Bytes.mutate(good, head(random, true), random);
            case 1 -> head(random, true);
            default -> good;
        };
    }

    static byte[] head(SplittableRandom random, boolean wild) {
        StringBuilder text = new StringBuilder();
        for (int lines = random.nextInt(6); lines > 0; lines--) {
            String name = NAMES[random.nextInt(wild ? NAMES.length : GOOD_NAMES)];
            text.append(name)
                    .append(SEPARATORS[random.nextInt(wild ? SEPARATORS.length : GOOD_SEPARATORS)])
                    .append(wild ? VALUES[random.nextInt(VALUES.length)] : value(name, random))
                    .append(ENDS[random.nextInt(wild ? ENDS.length : GOOD_ENDS)]);
        }
        text.append(random.nextBoolean() ? "\r\n" : "\n").append("BODY\n\n", 0, random.nextInt(7));
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String value(String name, SplittableRandom random) {
        if (name.equalsIgnoreCase("Status")) {
            return "20" + random.nextInt(10);
        }
        return random.nextInt(200) == 0 ? "x".repeat(random.nextInt(5_000)) : VALUES[random.nextInt(GOOD_VALUES)];
    }

    @Override
    public boolean accepts(byte[] input, SplittableRandom random) {
        int limit = LIMITS[random.nextInt(LIMITS.length)];
        ReferenceHead wanted = ReferenceHead.of(input, limit);
        HeadParser parser = parsers.computeIfAbsent(limit, HeadParser::new);
        parse(parser, input, new int[] {input.length}, wanted);
        parse(parser, input, Bytes.borders(input.length, 1, random), wanted);
        parse(parser, input, Bytes.borders(input.length, 40, random), wanted);
        return wanted.head() != null;
    }

    private static void parse(HeadParser parser, byte[] input, int[] borders, ReferenceHead wanted) {
        parser.reset();
        ByteBuf in = Unpooled.wrappedBuffer(input);
        int taken = 0;
        try {
            for (int i = 0; i < borders.length && !parser.complete(); i++) {
                int took = parser.feed(in, taken, borders[i] - taken);
                check(took >= 0 && took <= borders[i] - taken, "no more bytes are taken than came");
                check(parser.complete() || took == borders[i] - taken, "all are taken while the head is open");
                taken += took;
            }
        } catch (HeadParser.Invalid e) {
            check(wanted.tooLarge(), "bytes are refused at the limit only");
            return;
        }
        check(!wanted.tooLarge(), "no more than the limit is taken");
        check(parser.complete() == wanted.taken() >= 0, "the head ends when the reference's does");
        if (parser.complete()) {
            check(taken == wanted.taken(), "the head ends where the reference's does");
            ResponseHead head = parsed(parser);
            check(
                    head == null ? wanted.head() == null : ReferenceHead.isSame(head, wanted.head()),
                    "the head is the reference's");
        }
    }

    private static ResponseHead parsed(HeadParser parser) {
        try {
            return parser.parse();
        } catch (HeadParser.Invalid e) {
            return null;
        }
    }
}
