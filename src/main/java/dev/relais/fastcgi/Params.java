package dev.relais.fastcgi;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the start of a request: BEGIN_REQUEST, the PARAMS records and the empty one that ends them.
 *
 * <p>Each request has an id of its own, drawn at random. A connection carries one exchange at a time and would not need one.
 * But a process that a script left behind holds the same socket, and what it writes must not be taken for the answer of a later
 * exchange.
 *
 * <p>PHP-FPM parses each PARAMS record alone, so a record is cut at pair borders only (src/docs/facts.md, fact 8). One instance
 * per event loop, reused: it writes into one array that grows to the largest request seen and is then copied once.
 */
public final class Params {
    /** The most bytes of one pair, with name, value and lengths, because a pair has to fit into one record. */
    public static final int MAX_PAIR = 65_000;

    /** A pair over {@link #MAX_PAIR}; answered with 431. */
    public static final class PairTooLarge extends RuntimeException {
        PairTooLarge() {
            super("a CGI variable over " + MAX_PAIR + " bytes", null, false, false);
        }
    }

    /** Pairs that many requests have in common, encoded once; for {@link #addEncoded}. */
    public static final class Pairs {
        private final Params params = new Params();
        private final int start;

        public Pairs() {
            params.begin();
            start = params.size;
        }

        /** @param value encoded as UTF-8; null stands for empty */
        public Pairs add(String name, @Nullable String value) {
            params.addUtf8(name, value == null ? "" : value);
            return this;
        }

        /** @throws PairTooLarge when the pairs have more than {@link #MAX_PAIR} bytes in all */
        public byte[] encoded() {
            if (params.size - start > MAX_PAIR) {
                throw new PairTooLarge();
            }
            return Arrays.copyOfRange(params.bytes, start, params.size);
        }
    }

    private static final int INITIAL = 4096;
    private static final int KEPT = 256 * 1024;
    private static final int FLAGS = Fcgi.HEADER_LENGTH + 2; // behind the role in BEGIN_REQUEST

    private byte[] bytes = new byte[INITIAL];
    private int size;
    private int recordStart;
    private int requestId;

    /** Starts a new request, whether or not the last one was finished. */
    public void begin() {
        if (bytes.length > KEPT) {
            bytes = new byte[INITIAL];
        }
        begin(ThreadLocalRandom.current().nextInt(1, Fcgi.MAX_REQUEST_ID + 1));
    }

    /** Starts a new request with this id. */
    void begin(int id) {
        requestId = id;
        size = 0;
        putHeader(Fcgi.BEGIN_REQUEST, 8);
        bytes[size++] = 0;
        bytes[size++] = Fcgi.RESPONDER;
        bytes[size++] = Fcgi.KEEP_CONN;
        for (int i = 0; i < 5; i++) {
            bytes[size++] = 0;
        }
        openRecord();
    }

    /** Adds a pair whose strings are of ISO-8859-1 characters (what an HTTP parser makes of bytes). */
    public void add(String name, String value) {
        openPair(name.length(), value.length());
        copy(name);
        copy(value);
    }

    /** Adds a pair whose value is encoded as UTF-8: file names and decoded paths. */
    public void addUtf8(String name, String value) {
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        openPair(name.length(), encoded.length);
        copy(name);
        System.arraycopy(encoded, 0, bytes, size, encoded.length);
        size += encoded.length;
    }

    /** Adds what {@link Pairs} made; it stays in one record. */
    public void addEncoded(byte[] pairs) {
        room(pairs.length);
        System.arraycopy(pairs, 0, bytes, size, pairs.length);
        size += pairs.length;
    }

    /**
     * Adds a request header as {@code HTTP_<NAME>} (RFC 3875 section 4.1.18).
     *
     * @return false, and nothing added, when the name has a character outside {@code [A-Za-z0-9-]}: such names could be made to collide
     */
    public boolean addHeader(String name, String value) {
        int length = name.length();
        for (int i = 0; i < length; i++) {
            if (!isSafe(name.charAt(i))) {
                return false;
            }
        }
        openPair(5 + length, value.length());
        bytes[size++] = 'H';
        bytes[size++] = 'T';
        bytes[size++] = 'T';
        bytes[size++] = 'P';
        bytes[size++] = '_';
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            bytes[size++] = (byte) (c == '-' ? '_' : c >= 'a' && c <= 'z' ? c - 32 : c);
        }
        copy(value);
        return true;
    }

    /**
     * Ends the PARAMS stream.
     *
     * @param withoutBody true adds the empty STDIN record, so that the whole request is one write
     * @return a new buffer that the caller owns
     */
    public ByteBuf finish(ByteBufAllocator allocator, boolean withoutBody) {
        closeRecord();
        ensure(2 * Fcgi.HEADER_LENGTH);
        if (recordStart + Fcgi.HEADER_LENGTH < size) {
            putHeader(Fcgi.PARAMS, 0);
        }
        if (withoutBody) {
            putHeader(Fcgi.STDIN, 0);
        }
        return allocator.buffer(size).writeBytes(bytes, 0, size);
    }

    private void openPair(int nameLength, int valueLength) {
        long pair = (nameLength < 128 ? 1L : 4L) + (valueLength < 128 ? 1L : 4L) + nameLength + valueLength;
        if (pair > MAX_PAIR) {
            throw new PairTooLarge();
        }
        room((int) pair);
        putLength(nameLength);
        putLength(valueLength);
    }

    /** Makes space for bytes that must not be cut, in a new record when the open one would overflow. */
    private void room(int uncut) {
        ensure(uncut + 2 * Fcgi.HEADER_LENGTH);
        if (size + uncut - recordStart - Fcgi.HEADER_LENGTH > Fcgi.MAX_CONTENT) {
            closeRecord();
            openRecord();
        }
    }

    /** Writes a length (FastCGI 1.0 section 3.4): one byte below 128, otherwise four with the high bit set. */
    private void putLength(int length) {
        if (length < 128) {
            bytes[size++] = (byte) length;
        } else {
            bytes[size++] = (byte) (length >>> 24 | 0x80);
            bytes[size++] = (byte) (length >>> 16);
            bytes[size++] = (byte) (length >>> 8);
            bytes[size++] = (byte) length;
        }
    }

    @SuppressWarnings("deprecation") // exactly what is wanted: the low byte of each char, without an allocation
    private void copy(String latin1) {
        int length = latin1.length();
        latin1.getBytes(0, length, bytes, size);
        size += length;
    }

    private void openRecord() {
        recordStart = size;
        putHeader(Fcgi.PARAMS, 0);
    }

    private void closeRecord() {
        int length = size - recordStart - Fcgi.HEADER_LENGTH;
        bytes[recordStart + 4] = (byte) (length >>> 8);
        bytes[recordStart + 5] = (byte) length;
    }

    private void putHeader(int type, int length) {
        bytes[size++] = Fcgi.VERSION;
        bytes[size++] = (byte) type;
        bytes[size++] = (byte) (requestId >>> 8);
        bytes[size++] = (byte) requestId;
        bytes[size++] = (byte) (length >>> 8);
        bytes[size++] = (byte) length;
        bytes[size++] = 0;
        bytes[size++] = 0;
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }

    /**
     * Clears the flag FCGI_KEEP_CONN in an encoded request, so that PHP drops what it has not read of the body, and closes the
     * connection.
     */
    public static void endConnection(ByteBuf request) {
        request.setByte(request.readerIndex() + FLAGS, 0);
    }

    static boolean endsConnection(ByteBuf request) {
        return request.getByte(request.readerIndex() + FLAGS) == 0;
    }

    /** The id of an encoded request. */
    static int requestId(ByteBuf request) {
        return request.getUnsignedShort(request.readerIndex() + 2);
    }

    private static boolean isSafe(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-';
    }
}
