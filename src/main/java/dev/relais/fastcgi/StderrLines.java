package dev.relais.fastcgi;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Splits the STDERR records of an exchange into messages. A message may extend over several records, and one record may hold
 * several messages: PHP-FPM puts {@code PHP message: } before each, {@code "; "} between two, and closes a record when its
 * buffer is full ({@code sapi_cgi_log_fastcgi} in fpm_main.c, {@code fcgi_write} in fastcgi.c). So a message ends where the
 * next one begins, at other output, or with the exchange; each is bounded ({@link MessageBytes}). The {@link FinishMark} is
 * removed from the messages. Owned by one {@link FcgiConnection}.
 */
final class StderrLines {
    private static final byte[] BORDER = "; PHP message: ".getBytes(StandardCharsets.US_ASCII);
    /** How many of its first bytes the border lacks before the first message. */
    private static final int FIRST = 2;

    private final byte[] mark;
    private final byte[] hintStart;
    private final Consumer<String> messages;
    private final MessageBytes message = new MessageBytes();
    private int borderFrom; // where the matched part of the border begins, which is no part of the message yet
    private int border;
    private boolean open; // a message has begun; it may be empty

    /**
     * @param messages called with each message, also with those of {@code headers_send}, without the text that PHP-FPM puts around it; may
     *     carry newlines
     */
    StderrLines(FinishMark mark, Consumer<String> messages) {
        this.mark = mark.message().getBytes(StandardCharsets.US_ASCII);
        this.hintStart = mark.hintStart().getBytes(StandardCharsets.US_ASCII);
        this.messages = messages;
    }

    /** Prepares for another exchange. */
    void reset() {
        message.clear();
        open = false;
        borderFrom = FIRST;
        border = FIRST;
    }

    void feed(ByteBuf in, int length) {
        int from = in.readerIndex();
        int end = from + length;
        for (int i = from; i < end; i++) {
            byte b = in.getByte(i);
            if (border > 0) {
                if (b == BORDER[border]) {
                    if (++border == BORDER.length) {
                        begin();
                    }
                    continue;
                }
                giveBorderBack();
            }
            int plain = in.indexOf(i, end, BORDER[0]);
            int until = plain < 0 ? end : plain;
            if (until > i) {
                open = true;
                message.add(in, i, until - i);
            }
            if (plain >= 0) {
                border = 1;
            }
            i = plain < 0 ? end : plain;
        }
    }

    private void begin() {
        borderFrom = 0;
        border = 0;
        flush();
        open = true;
    }

    /** Adds to the message the bytes that only looked like a border. */
    private void giveBorderBack() {
        for (int i = borderFrom; i < border; i++) {
            message.add(BORDER[i]);
        }
        open |= border > borderFrom;
        borderFrom = 0;
        border = 0;
    }

    /** @return whether the record that has just ended carries the mark at its end, which is no message */
    boolean endRecord() {
        if (open && border == 0 && message.is(mark)) {
            message.clear();
            open = false;
            return true;
        }
        if (open && border == 0 && message.startsWith(hintStart) && message.endsWith(HintMessage.END)) {
            flush(); // nothing follows before the head, so that nothing else would end it in time
        }
        return false;
    }

    /** Ends a message that has begun, since nothing more of it will come. */
    void flush() {
        if (border > borderFrom) {
            giveBorderBack();
        }
        if (open) {
            open = false;
            String text = message.text();
            message.clear();
            messages.accept(text);
        }
    }
}
