package dev.relais.fastcgi;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Gathers the STDERR records of an exchange into messages: bounded in length each, and bounded in all, since a script may
 * write without end (DESIGN.md fact 10). Takes the {@link FinishMark} out of them. Owned by one {@link FcgiConnection}.
 */
final class StderrLines {
    static final int MAX_MESSAGE = 8 * 1024;
    static final int MAX_EXCHANGE = 64 * 1024;

    private final byte[] mark;
    private final byte[]
            tail; // the last bytes of the record, as many as the mark has: a record may be longer than a message
    private byte[] bytes;
    private int size;
    private int total;
    private int record; // bytes of this record so far
    private boolean marked;

    StderrLines(FinishMark mark) {
        this.mark = mark.bytes();
        this.tail = new byte[this.mark.length];
    }

    void reset() {
        size = 0;
        total = 0;
        record = 0;
    }

    /** Whether the record just ended carried the mark, behind whatever flood of messages. */
    boolean marked() {
        return marked;
    }

    void feed(ByteBuf in, int length) {
        if (bytes == null) {
            bytes = new byte[MAX_MESSAGE];
        }
        int taken = Math.min(length, MAX_MESSAGE - size);
        in.getBytes(in.readerIndex(), bytes, size, taken);
        size += taken;
        record += length;
        int last = Math.min(length, tail.length);
        System.arraycopy(tail, last, tail, 0, tail.length - last);
        in.getBytes(in.readerIndex() + length - last, tail, tail.length - last, last);
    }

    /** The message that the record just ended makes, or null when there is none to report any more. */
    String end() {
        boolean markedHere = record >= mark.length && Arrays.equals(tail, mark);
        int length = markedHere ? Math.min(size, record - mark.length) : size;
        marked = markedHere;
        size = 0;
        record = 0;
        if (length == 0 || total > MAX_EXCHANGE) {
            return null;
        }
        total += length;
        if (total > MAX_EXCHANGE) {
            return "(more than " + MAX_EXCHANGE / 1024 + " KiB of messages from one run: the rest is dropped)";
        }
        String message = new String(bytes, 0, length, StandardCharsets.UTF_8).strip();
        if (!markedHere) {
            return message;
        }
        // PHP-FPM parts the messages of a request by "; ", and more than one may be in a record.
        String others = message.endsWith(";") ? message.substring(0, message.length() - 1) : message;
        return others.isEmpty() ? null : others;
    }
}
