package dev.relais.fastcgi;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads a request back as PHP-FPM does, each PARAMS record alone, independently of {@link Params}. */
public final class Requests {
    /** @param pairs name, value, name, value, each byte a char */
    public record Decoded(List<String> pairs, List<Integer> paramsRecords, boolean stdinEnded) {
        public String get(String name) {
            return get(name, StandardCharsets.ISO_8859_1);
        }

        public String get(String name, Charset charset) {
            String found = null;
            for (int i = 0; i < pairs.size(); i += 2) {
                if (pairs.get(i).equals(name)) {
                    if (found != null) {
                        throw new AssertionError(name + " twice");
                    }
                    found = pairs.get(i + 1);
                }
            }
            return found == null ? null : new String(found.getBytes(StandardCharsets.ISO_8859_1), charset);
        }
    }

    private Requests() {}

    /** Releases the buffer. */
    public static Decoded decode(ByteBuf request) {
        ByteBuffer in = ByteBuffer.wrap(new byte[request.readableBytes()]);
        request.readBytes(in.array());
        request.release();
        List<String> pairs = new ArrayList<>();
        List<Integer> records = new ArrayList<>();
        boolean paramsEnded = false;
        boolean stdinEnded = false;
        int id = in.getShort(2) & 0xFFFF;
        check(id != 0, "the id of a request");
        check(begins(in, 1, id, 8), "BEGIN_REQUEST");
        check(in.getShort() == 1 && in.get() == 1, "a kept responder");
        in.position(in.position() + 5);
        while (in.hasRemaining()) {
            check(!stdinEnded, "nothing after STDIN");
            int length = in.getShort(in.position() + 4) & 0xFFFF;
            check(begins(in, paramsEnded ? 5 : 4, id, length), paramsEnded ? "STDIN" : "PARAMS");
            if (paramsEnded) {
                check(length == 0, "the empty STDIN");
                stdinEnded = true;
            } else if (length == 0) {
                paramsEnded = true;
            } else {
                records.add(length);
                pairs(in.slice(in.position(), length), pairs);
                in.position(in.position() + length);
            }
        }
        check(paramsEnded, "the empty PARAMS");
        return new Decoded(pairs, records, stdinEnded);
    }

    private static boolean begins(ByteBuffer in, int type, int id, int length) {
        return in.get() == 1
                && in.get() == type
                && (in.getShort() & 0xFFFF) == id
                && (in.getShort() & 0xFFFF) == length
                && in.getShort() == 0;
    }

    private static void pairs(ByteBuffer record, List<String> pairs) {
        while (record.hasRemaining()) {
            int name = length(record);
            int value = length(record);
            pairs.add(text(record, name));
            pairs.add(text(record, value));
        }
    }

    private static int length(ByteBuffer in) {
        int first = in.get(in.position());
        return first >= 0 ? in.get() : in.getInt() & 0x7FFF_FFFF;
    }

    private static String text(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("not " + what);
        }
    }
}
