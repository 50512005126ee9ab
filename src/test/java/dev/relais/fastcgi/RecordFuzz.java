package dev.relais.fastcgi;

import static dev.relais.fuzzing.FuzzTarget.check;

import dev.relais.fuzzing.Bytes;
import dev.relais.fuzzing.FuzzTarget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.SplittableRandom;

/**
 * Compares {@link RecordDecoder} with {@link ReferenceRecords}: both give the same events up to the same end, whether the bytes
 * come whole, one by one or in random pieces. The decoder never passes on more bytes than came, and throws nothing but
 * {@link ProtocolViolation}.
 */
public final class RecordFuzz implements FuzzTarget {
    @Override
    public String name() {
        return "record decoder";
    }

    @Override
    public byte[] input(SplittableRandom random) {
        return RecordStreams.next(random);
    }

    @Override
    public boolean accepts(byte[] input, SplittableRandom random) {
        ReferenceRecords wanted = new ReferenceRecords(input);
        decode(input, input.length, random, wanted);
        decode(input, 1, random, wanted);
        decode(input, 1 + random.nextInt(40), random, wanted);
        return !wanted.violated && wanted.ended && wanted.atBorder;
    }

    private static void decode(byte[] input, int largest, SplittableRandom random, ReferenceRecords wanted) {
        RecordDecoder decoder = new RecordDecoder();
        decoder.reset(1);
        Trace trace = new Trace();
        boolean violated = false;
        try {
            int from = 0;
            for (int to : pieces(input.length, largest, random)) {
                ByteBuf piece = Unpooled.wrappedBuffer(input, from, to - from);
                decoder.decode(piece, trace);
                check(!piece.isReadable(), "a read is decoded whole");
                from = to;
            }
        } catch (ProtocolViolation e) {
            violated = true;
        }
        check(violated == wanted.violated, "a violation is seen when there is one");
        check(trace.sameAs(wanted.trace), "the events are the reference's");
        check(trace.passed() <= input.length, "no more bytes are passed on than came");
        check(violated || decoder.atBorder() == wanted.atBorder, "the border is the reference's");
    }

    private static int[] pieces(int length, int largest, SplittableRandom random) {
        return length == largest && length > 0
                ? new int[] {length}
                : Bytes.borders(length, Math.max(1, largest), random);
    }
}
