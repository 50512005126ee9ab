package dev.relais.fastcgi;

/**
 * A request body of known length, handed out in pieces as the socket takes them. Used on the connection's event loop;
 * released by the one who made it, after the exchange.
 */
public interface Stdin {
    /** Bytes in all: what CONTENT_LENGTH says. */
    long length();

    /**
     * The next {@code length} bytes, never more than are left.
     *
     * @return a {@code ByteBuf} or a {@code FileRegion} that the connection releases
     */
    Object next(int length);
}
