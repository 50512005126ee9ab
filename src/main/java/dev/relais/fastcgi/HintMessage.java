package dev.relais.fastcgi;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Base64;

/**
 * The message of {@code headers_send(103)}: the mark's beginning, the fields as in a head, in Base64 so that no value can end the
 * message, and a dot, which no Base64 has.
 */
final class HintMessage {
    static final byte END = '.';

    private HintMessage() {}

    /**
     * Tells the listener of a message, or of the fields that it has.
     *
     * @param parser of heads; hints that come in the middle of a head are dropped
     * @param wanted whether the head has yet to come; otherwise hints are dropped
     */
    static void pass(String message, FinishMark mark, HeadParser parser, boolean wanted, ExchangeListener listener) {
        String start = mark.hintStart();
        if (!message.startsWith(start)) {
            listener.onStderr(message);
        } else if (wanted && parser.isEmpty() && message.charAt(message.length() - 1) == END) {
            try {
                byte[] fields = Base64.getDecoder().decode(message.substring(start.length(), message.length() - 1));
                ResponseHead head = parse(Unpooled.wrappedBuffer(fields), parser);
                listener.onEarlyHints(new ResponseHead(103, "Early Hints", head.fields(), head.oddity()));
            } catch (IllegalArgumentException | HeadParser.Invalid e) {
                // Only who has read the mark in Relais' own script can send what that script does not.
                parser.reset();
            }
        }
    }

    private static ResponseHead parse(ByteBuf fields, HeadParser parser) throws HeadParser.Invalid {
        int length = fields.readableBytes();
        if (parser.feed(fields, 0, length) != length || !parser.complete()) {
            throw new HeadParser.Invalid("no fields and a blank line");
        }
        ResponseHead head = parser.parse();
        parser.reset();
        return head;
    }
}
