package dev.relais.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A stored answer as bytes, and back. Whoever may write to the shared level can write answers; what is checked is that nothing else is taken
 * for one: the format with its version, the length, a checksum, and that every part is within its bounds.
 *
 * <pre>
 * entry = magic and version (4 bytes), CRC-32C of all that follows (4), kind (1), then
 * an answer: moment, key's exact part, Vary, what it selects, status, reason, fields, media type, freshness, rules, tags, time that
 *            PHP took, body, codings of the body
 * a pointer: Vary, when there are several answers under their own keys
 * </pre>
 */
final class StoredBytes {
    /** What was read. */
    sealed interface Entry {
        record Answer(Stored stored, SharedMoment moment) implements Entry {}

        /** The answers differ by these fields of the request. */
        record Pointer(List<String> vary) implements Entry {}
    }

    private static final int FORMAT = 'R' << 24 | 'L' << 16 | 'C' << 8 | 1;
    private static final int HEAD = 8;
    private static final byte ANSWER = 1;
    private static final byte POINTER = 2;
    private static final int MOST_STRINGS = 4_096;
    private static final int MOST_CODINGS = 8;

    private StoredBytes() {}

    /** @param clockAhead of the clock that all share */
    static byte[] answer(Stored stored, SharedMoment moment, long clockAhead) {
        Content content = stored.content();
        Writer out = new Writer(256 + (int) Math.min(stored.weight(), Integer.MAX_VALUE / 2));
        out.begin(ANSWER);
        out.number(moment.millis());
        out.number(moment.sequence());
        out.text(stored.exact());
        out.texts(stored.vary());
        out.text(stored.selecting());
        out.small(stored.status());
        out.text(stored.reason());
        out.texts(stored.fields());
        out.texts(stored.mediaType() == null ? List.of() : List.of(stored.mediaType()));
        Freshness freshness = stored.freshness();
        out.number(freshness.lifetime());
        out.number(freshness.initialAge());
        out.number(freshness.came() + clockAhead);
        Stored.Rules rules = stored.rules();
        out.small((rules.validates() ? 1 : 0)
                | (rules.neverStale() ? 2 : 0)
                | (rules.forCookies() ? 4 : 0)
                | (rules.forCredentials() ? 8 : 0));
        out.number(rules.whileRevalidate());
        out.number(rules.ifError());
        out.texts(stored.tags());
        out.number(stored.runNanos());
        out.bytes(content.plain());
        for (int coding = 0; coding < MOST_CODINGS; coding++) {
            ByteBuf coded = content.coded(coding);
            if (coded != null) {
                out.small(coding);
                out.bytes(coded);
            }
        }
        return out.end();
    }

    static byte[] pointer(List<String> vary) {
        Writer out = new Writer(256);
        out.begin(POINTER);
        out.texts(vary);
        return out.end();
    }

    /**
     * @param origin of the answer; null when it is not known
     * @param localMoment on the clock of {@link Purges}
     * @param token of the resource
     * @param memory for the body
     * @return null when it is nothing that {@link #answer} or {@link #pointer} has written
     */
    static @Nullable Entry read(
            byte[] entry,
            Stored.@Nullable Origin origin,
            long localMoment,
            String token,
            long clockAhead,
            OutsideHeap memory) {
        if (entry.length <= HEAD) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(entry);
        if (in.getInt() != FORMAT || in.getInt() != checksum(entry)) {
            return null;
        }
        try {
            byte kind = in.get();
            Entry read = kind == ANSWER
                    ? answer(in, origin, localMoment, token, clockAhead, memory)
                    : kind == POINTER ? new Entry.Pointer(texts(in)) : null;
            return in.hasRemaining() ? null : read;
        } catch (RuntimeException e) { // beyond the end, negative, or nothing that a record takes
            return null;
        }
    }

    private static Entry.Answer answer(
            ByteBuffer in,
            Stored.@Nullable Origin origin,
            long localMoment,
            String token,
            long clockAhead,
            OutsideHeap memory) {
        SharedMoment moment = new SharedMoment(in.getLong(), in.getLong());
        String exact = text(in);
        List<String> vary = texts(in);
        String selecting = text(in);
        int status = in.getInt();
        String reason = line(text(in));
        List<String> fields = texts(in);
        List<String> type = texts(in);
        if (status < 200 || status > 999 || fields.size() % 2 != 0) {
            throw new IllegalArgumentException();
        }
        fields.forEach(StoredBytes::line);
        Freshness freshness = new Freshness(in.getLong(), in.getLong(), in.getLong() - clockAhead);
        int flags = in.getInt();
        Stored.Rules rules = new Stored.Rules(
                (flags & 1) != 0, (flags & 2) != 0, in.getLong(), in.getLong(), (flags & 4) != 0, (flags & 8) != 0);
        List<String> tags = texts(in);
        long runNanos = in.getLong();
        Content content = content(in, memory);
        return new Entry.Answer(
                new Stored(
                        exact,
                        vary,
                        selecting,
                        status,
                        reason,
                        fields,
                        type.isEmpty() ? null : type.get(0),
                        content,
                        freshness,
                        rules,
                        tags,
                        runNanos,
                        localMoment,
                        origin,
                        new SharedMark(moment, token, false, true)),
                moment);
    }

    private static Content content(ByteBuffer in, OutsideHeap memory) {
        byte[] plain = bytes(in);
        Content content = Content.of(List.of(plain), plain.length, memory);
        while (in.hasRemaining()) {
            int coding = in.getInt();
            if (coding < 0 || coding >= MOST_CODINGS || content.length() == 0) {
                throw new IllegalArgumentException();
            }
            content.keep(coding, Unpooled.wrappedBuffer(bytes(in)));
        }
        return content;
    }

    /** A field or a reason never has an end of line. */
    private static String line(String text) {
        if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0 || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException();
        }
        return text;
    }

    private static int checksum(byte[] entry) {
        CRC32C sum = new CRC32C();
        sum.update(entry, HEAD, entry.length - HEAD);
        return (int) sum.getValue();
    }

    private static byte[] bytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static String text(ByteBuffer in) {
        return new String(bytes(in), StandardCharsets.UTF_8);
    }

    private static List<String> texts(ByteBuffer in) {
        int count = in.getInt();
        if (count < 0 || count > MOST_STRINGS) {
            throw new IllegalArgumentException();
        }
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(text(in));
        }
        return List.copyOf(texts);
    }

    /** Writes into an array that grows. */
    private static final class Writer {
        private ByteBuffer out;

        Writer(int size) {
            out = ByteBuffer.allocate(size);
        }

        void begin(byte kind) {
            out.putInt(FORMAT).putInt(0).put(kind);
        }

        private ByteBuffer room(int more) {
            if (out.remaining() < more) {
                ByteBuffer larger = ByteBuffer.allocate(Math.max(2 * out.capacity(), out.position() + more));
                out.flip();
                out = larger.put(out);
            }
            return out;
        }

        void small(int value) {
            room(4).putInt(value);
        }

        void number(long value) {
            room(8).putLong(value);
        }

        void text(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            room(4 + bytes.length).putInt(bytes.length).put(bytes);
        }

        void texts(List<String> texts) {
            small(texts.size());
            for (int i = 0; i < texts.size(); i++) {
                text(texts.get(i));
            }
        }

        void bytes(ByteBuf bytes) {
            int length = bytes.readableBytes();
            ByteBuffer target = room(4 + length).putInt(length);
            int end = target.position() + length;
            int limit = target.limit();
            target.limit(end);
            bytes.getBytes(bytes.readerIndex(), target);
            target.limit(limit);
        }

        byte[] end() {
            byte[] entry = new byte[out.position()];
            out.flip();
            out.get(entry);
            return ByteBuffer.wrap(entry).putInt(4, checksum(entry)).array();
        }
    }
}
