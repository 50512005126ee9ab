package dev.relais.fastcgi;

import io.netty.buffer.ByteBuf;

/** The head of the answer of one exchange after the other, as PHP's output brings it. Owned by one {@link FcgiConnection}. */
final class AnswerBegin {
    private final HeadParser parser;
    private final FinishMark mark;
    private boolean done;
    private boolean bodyMeant;

    AnswerBegin(int headLimit, FinishMark mark) {
        this.parser = new HeadParser(headLimit);
        this.mark = mark;
    }

    /** Prepares for another exchange. */
    void reset() {
        parser.reset();
        done = false;
        bodyMeant = true;
    }

    boolean isDone() {
        return done;
    }

    /** False when the output only makes PHP send its head, and is dropped. */
    boolean isBodyMeant() {
        return bodyMeant;
    }

    /**
     * Takes what belongs to the head from the output, and tells the listener of the head once it is whole.
     *
     * @param length of the output, which begins at the reader index
     * @return how many bytes of the body are left, at the reader index
     */
    int take(ByteBuf in, int length, ExchangeListener listener) throws HeadParser.Invalid {
        int start = in.readerIndex();
        int taken = parser.feed(in, start, length);
        if (!parser.complete()) {
            return 0;
        }
        done = true;
        ResponseHead parsed = parser.parse();
        bodyMeant = !mark.isIn(parsed);
        listener.onHead(bodyMeant ? parsed : parsed.without(FinishMark.FIELD));
        in.readerIndex(start + taken);
        return length - taken;
    }

    /** Tells the listener of a message, which may be one of early hints. */
    void message(String message, ExchangeListener listener) {
        HintMessage.pass(message, mark, parser, !done, listener);
    }
}
