package dev.relais.fastcgi;

/**
 * A request body of known length, handed out in pieces as the socket takes them. Used on the connection's event loop;
 * released by the one who made it, after the exchange.
 */
public interface Stdin {
    /** Bytes in all: what CONTENT_LENGTH says. */
    long length();

    /**
     * How many of the bytes that are left can be had now. A body that is still arriving may say 0, and calls {@link
     * FcgiConnection#stdinArrived} when there are more; one that is there whole says so by {@code Integer.MAX_VALUE}.
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
