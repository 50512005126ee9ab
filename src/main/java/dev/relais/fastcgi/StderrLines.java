package dev.relais.fastcgi;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Gathers the STDERR records of an exchange into messages: bounded in length each, and bounded in all, since a script may
 * write without end (DESIGN.md fact 10). Owned by one {@link FcgiConnection}.
 */
final class StderrLines {
    static final int MAX_MESSAGE = 8 * 1024;
    static final int MAX_EXCHANGE = 64 * 1024;

    private byte[] bytes;
    private int size;
    private int total;

    void reset() {
        size = 0;
        total = 0;
    }

    void feed(ByteBuf in, int length) {
        if (bytes == null) {
            bytes = new byte[MAX_MESSAGE];
        }
        int taken = Math.min(length, MAX_MESSAGE - size);
        in.getBytes(in.readerIndex(), bytes, size, taken);
        size += taken;
    }

    /** The message that the record just ended makes, or null when there is none to report any more. */
    String end() {
        int length = size;
        size = 0;
        if (length == 0 || total > MAX_EXCHANGE) {
            return null;
        }
        total += length;
        if (total > MAX_EXCHANGE) {
            return "(more than " + MAX_EXCHANGE / 1024 + " KiB of messages from one run: the rest is dropped)";
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8).strip();
    }
}
