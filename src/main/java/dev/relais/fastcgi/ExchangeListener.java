package dev.relais.fastcgi;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Follows one exchange. All calls come on the event loop of the connection, in the order early hints*, head, body*, finished?, then exactly one
 * of {@link #onEnd} and {@link #onFailure}, after which there are no more.
 */
public interface ExchangeListener {
    /**
     * The script has called {@code headers_send(103)}: these fields will likely be in the head that it sends later. The status is 103.
     */
    default void onEarlyHints(ResponseHead hints) {}

    /**
     * A resident application tells what the request has left behind in its process.
     *
     * @param json a line of JSON, which the PHP code of the user may have forged
     */
    default void onLeft(String json) {}

    /** The id of the request that the exchange runs for; null for none. Any thread. */
    default @Nullable String requestId() {
        return null;
    }

    /** The response head is complete. Not called when the script ended without one byte of output. */
    void onHead(ResponseHead head);

    /**
     * Body bytes: {@code length} readable bytes of {@code in}, valid only during the call. The listener must not move the
     * reader index.
     */
    void onBody(ByteBuf in, int length);

    /** All bytes of one read have been passed on, so this is the moment to flush. */
    void onReadComplete();

    /** One message of the script's error stream, whole or cut with a note of how much; may be empty, may carry newlines. */
    void onStderr(String message);

    /**
     * The script has called {@code fastcgi_finish_request}. The answer is complete, what the script still writes is dropped,
     * and the child stays busy until the script ends. Reading can no longer be paused.
     */
    void onFinished();

    /** END_REQUEST has come: the child is free and the answer complete. */
    void onEnd(int appStatus);

    void onFailure(ExchangeFailure failure);
}
