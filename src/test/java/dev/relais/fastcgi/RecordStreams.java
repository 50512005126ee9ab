package dev.relais.fastcgi;

import dev.relais.fuzzing.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Makes answers as a PHP child sends them, and answers that no child would send. */
final class RecordStreams {
    static final FinishMark MARK = new FinishMark("n0nce");

    private RecordStreams() {}

    static byte[] next(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> Bytes.random(random, 64);
            case 1 -> headed(random);
            case 2, 3 -> answer(random, 0);
            case 4 -> answer(random, 8); // wrong fields here and there
            default -> Bytes.mutate(answer(random, 0), answer(random, 0), random);
        };
    }

    /** Random bytes that begin like a record, often right enough to come further. */
    private static byte[] headed(SplittableRandom random) {
        byte[] bytes = Bytes.random(random, 64);
        byte[] start = {1, (byte) (random.nextBoolean() ? 6 : 3), 0, 1, 0};
        System.arraycopy(start, 0, bytes, 0, Math.min(start.length, bytes.length));
        return bytes;
    }

    /** @param oneWrongIn of how many fields one is wrong; 0: none */
    private static byte[] answer(SplittableRandom random, int oneWrongIn) {
        byte[][] records = new byte[random.nextInt(6) + 2][];
        records[0] = record(
                6, random.nextInt(3) == 0 ? HeadFuzz.next(random) : HeadFuzz.head(random, false), random, oneWrongIn);
        for (int i = 1; i < records.length - 1; i++) {
            boolean error = random.nextInt(4) == 0;
            records[i] = record(error ? 7 : 6, error ? messages(random) : output(random), random, oneWrongIn);
        }
        byte[] end = Wire.endBody(random.nextInt(), random.nextInt(30) == 0 ? random.nextInt(256) : 0);
        records[records.length - 1] = record(3, end, random, oneWrongIn);
        return Wire.join(records);
    }

    private static byte[] output(SplittableRandom random) {
        return Bytes.random(random, random.nextInt(20_000) == 0 ? 65_535 : 40);
    }

    private static byte[] messages(SplittableRandom random) {
        byte[] messages = Bytes.random(random, random.nextInt(1_000) == 0 ? 20_000 : 40);
        return random.nextInt(3) == 0
                ? Wire.join(messages, ("; PHP message: " + MARK.message()).getBytes(StandardCharsets.US_ASCII))
                : messages;
    }

    private static byte[] record(int type, byte[] content, SplittableRandom random, int oneWrongIn) {
        int padding = random.nextInt(30) == 0 ? random.nextInt(256) : -content.length & 7;
        byte[] record = Wire.record(1, type, 1, padding, content);
        if (oneWrongIn > 0 && random.nextInt(oneWrongIn) == 0) {
            record[random.nextInt(8)] = (byte) random.nextInt(12);
        }
        return record;
    }
}
