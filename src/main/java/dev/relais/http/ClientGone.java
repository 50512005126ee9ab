package dev.relais.http;

import io.netty.channel.unix.Errors;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.regex.Pattern;

/** Tells a client that has gone from a fault of the gateway's own, by how a write has failed. */
final class ClientGone {
    /** How the kernel's words for a broken connection begin; the JDK's sockets have no exception of their own for it. */
    private static final Pattern SAID =
            Pattern.compile("(connection (reset|timed out)|broken pipe|no route to host).*", Pattern.CASE_INSENSITIVE);

    private ClientGone() {}

    /**
     * Whether a write has failed because the client's connection, or its stream, is gone. A file that cannot be read, or was cut, while
     * it was sent is something else, although the JDK's sockets have the same type of exception for both.
     */
    static boolean is(Throwable failure) {
        return failure instanceof ClosedChannelException
                || failure instanceof Errors.NativeIoException
                || failure instanceof SocketException
                || failure instanceof Http2Exception // its stream, which was reset
                || failure instanceof IOException
                        && failure.getMessage() != null
                        && SAID.matcher(failure.getMessage()).matches();
    }
}
