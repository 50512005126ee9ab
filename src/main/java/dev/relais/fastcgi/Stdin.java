package dev.relais.fastcgi;

/**
 * A request body of known length, which is handed out in pieces as the socket takes them. Confined to the connection's event loop.
 * The caller that made it releases it after the exchange.
 */
public interface Stdin {
    /** The number of all bytes, as CONTENT_LENGTH says it. */
    long length();

    /**
     * How many of the bytes that are left are available now. A body that is still arriving may return 0, and its owner calls
     * {@link FcgiConnection#stdinArrived} when there are more. A body that has arrived whole returns {@code Integer.MAX_VALUE}.
     */
    default int available() {
        return Integer.MAX_VALUE;
    }

    /**
     * The next {@code length} bytes, never more than are left or available.
     *
     * @return a {@code ByteBuf} or a {@code FileRegion} that the connection releases
     */
    Object next(int length);
}
