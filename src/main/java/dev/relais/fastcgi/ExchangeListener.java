package dev.relais.fastcgi;

import io.netty.buffer.ByteBuf;

/**
 * Follows one exchange. All calls come on the event loop of the connection, in the order head, body*, finished?, then exactly one
 * of {@link #onEnd} and {@link #onFailure}, after which there are no more.
 */
public interface ExchangeListener {
    /** The response head is complete. Not called when the script ended without one byte of output. */
    void onHead(ResponseHead head);

    /** Body bytes: {@code length} readable ones of {@code in}, valid during the call only; the reader index is not the listener's. */
    void onBody(ByteBuf in, int length);

    /** All that one read brought has been passed on: a good moment to flush. */
    void onReadComplete();

    /** One message of the script's error stream, whole or cut with a note of how much; may be empty, may carry newlines. */
    void onStderr(String message);

    /**
     * The script has called {@code fastcgi_finish_request}: the answer is complete, what the script still writes is dropped, and the
     * child stays busy until the end. Reading cannot be paused any more.
     */
    void onFinished();

    /** END_REQUEST has come: the child is free and the answer complete. */
    void onEnd(int appStatus);

    void onFailure(ExchangeFailure failure);
}
