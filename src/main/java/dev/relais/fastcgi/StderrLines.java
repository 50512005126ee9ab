package dev.relais.fastcgi;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Makes messages of the STDERR records of an exchange. A message may lie over several records, and several in one: PHP-FPM puts
 * {@code PHP message: } before each, {@code "; "} between two, and closes a record when its buffer is full ({@code sapi_cgi_log_fastcgi} in
 * fpm_main.c, {@code fcgi_write} in fastcgi.c). So a message ends at the next one's begin, at other output, or with the exchange; each is
 * bounded ({@link MessageBytes}). Takes the {@link FinishMark} out of them. Owned by one {@link FcgiConnection}.
 */
final class StderrLines {
    private static final byte[] BORDER = "; PHP message: ".getBytes(StandardCharsets.US_ASCII);
    /** Of the border, what stands before the first message. */
    private static final int FIRST = 2;

    private final byte[] mark;
    private final Consumer<String> messages;
    private final MessageBytes message = new MessageBytes();
    private int borderFrom; // what is matched of the border begins here, and is no part of the message yet
    private int border;
    private boolean open; // a message has begun; it may be empty

    /** @param messages told each message, without what PHP-FPM puts around it; may carry newlines */
    StderrLines(FinishMark mark, Consumer<String> messages) {
        this.mark = mark.message().getBytes(StandardCharsets.US_ASCII);
        this.messages = messages;
    }

    /** Before each exchange. */
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

    /** What looked like a border is text. */
    private void giveBorderBack() {
        for (int i = borderFrom; i < border; i++) {
            message.add(BORDER[i]);
        }
        open |= border > borderFrom;
        borderFrom = 0;
        border = 0;
    }

    /** @return whether the record that has just ended ends with the mark, which is no message */
    boolean endRecord() {
        if (open && border == 0 && message.is(mark)) {
            message.clear();
            open = false;
            return true;
        }
        return false;
    }

    /** Nothing more of a message that has begun will come. */
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
