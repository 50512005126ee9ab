package dev.relais.fastcgi;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of one message of PHP while it arrives. Its beginning is kept and the rest is only counted. The array grows only
 * for a long message, and is small again afterwards. Confined to its owner's thread.
 */
public final class MessageBytes {
    /** The most bytes that are kept: a log line of 256 KiB stays whole, with the text that PHP-FPM puts around it. */
    public static final int MOST = (256 << 10) + 1024;

    private static final int USUAL = 1024;
    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int size;
    private long leftOut;

    public void add(byte b) {
        if (size == MOST) {
            leftOut++;
            return;
        }
        grow(1);
        bytes[size++] = b;
    }

    /** @param in its reader index is not moved */
    void add(ByteBuf in, int index, int length) {
        int taken = Math.min(length, MOST - size);
        leftOut += length - taken;
        if (taken > 0) {
            grow(taken);
            in.getBytes(index, bytes, size, taken);
            size += taken;
        }
    }

    /** Counts bytes that belong to the message and are not kept. */
    public void leaveOut(long count) {
        leftOut += count;
    }

    private void grow(int more) {
        if (size + more > bytes.length) {
            int wanted = Math.max(USUAL, Math.max(size + more, 2 * bytes.length));
            bytes = Arrays.copyOf(bytes, Math.min(MOST, wanted));
        }
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** The number of all bytes, whether kept or left out. */
    public long length() {
        return size + leftOut;
    }

    /** Whether it ends with this byte, and is kept whole. */
    boolean endsWith(byte b) {
        return leftOut == 0 && size > 0 && bytes[size - 1] == b;
    }

    boolean is(byte[] other) {
        return leftOut == 0 && size == other.length && Arrays.equals(bytes, 0, size, other, 0, size);
    }

    /** Whether it begins with these bytes. */
    boolean startsWith(byte[] start) {
        return size >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    public void clear() {
        size = 0;
        leftOut = 0;
        if (bytes.length > 8 * USUAL) {
            bytes = NOTHING;
        }
    }

    /**
     * The message as UTF-8. A byte that is not valid UTF-8 is written as {@code \xNN}, and the end says how many bytes were
     * left out.
     */
    public String text() {
        if (size == 0) {
            return "";
        }
        int end = leftOut == 0 ? size : wholeCharacters();
        String text = new String(bytes, 0, end, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            text = decode(end);
        }
        return leftOut == 0 ? text : text + "... (" + (size - end + leftOut) + " more bytes)";
    }

    /** The number of bytes without the last character, if the end of what is kept cuts it. */
    private int wholeCharacters() {
        int lead = size - 1;
        while (lead > size - 4 && (bytes[lead] & 0xC0) == 0x80) {
            lead--;
        }
        int first = bytes[lead] & 0xFF;
        int needed = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
        return lead + needed > size ? lead : size;
    }

    private String decode(int end) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // it reports what is malformed
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, end);
        CharBuffer out = CharBuffer.allocate(end);
        StringBuilder text = new StringBuilder(end + 64);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            text.append(out.flip());
            out.clear();
            if (!result.isError()) {
                return text.toString();
            }
            for (int i = result.length(); i > 0; i--) {
                int odd = in.get() & 0xFF;
                text.append("\\x").append(Character.forDigit(odd >> 4, 16)).append(Character.forDigit(odd & 0xF, 16));
            }
            decoder.reset();
        }
    }
}
