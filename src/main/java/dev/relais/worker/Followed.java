package dev.relais.worker;

import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.ResponseHead;
import io.netty.buffer.ByteBuf;

/** Passes what an exchange brings on to the one who follows it, if anybody still does. Confined to its event loop. */
abstract class Followed extends ChildCounters implements ExchangeListener {
    ExchangeListener listener; // null: no exchange, or an abandoned one

    @Override
    public final void onHead(ResponseHead head) {
        if (listener != null) {
            listener.onHead(head);
        }
    }

    @Override
    public final void onBody(ByteBuf in, int length) {
        if (listener != null) {
            listener.onBody(in, length);
        }
    }

    @Override
    public final void onReadComplete() {
        if (listener != null) {
            listener.onReadComplete();
        }
    }

    @Override
    public final void onStderr(String message) {
        if (listener != null) {
            listener.onStderr(message);
        }
    }
}
