package dev.relais.fastcgi;

import io.netty.channel.Channel;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.util.concurrent.GenericProgressiveFutureListener;

/** Tracks how much of each request, up to the end of its PARAMS, the socket has taken. Confined to the connection's event loop. */
final class RequestProgress implements GenericProgressiveFutureListener<ChannelProgressiveFuture> {
    private long paramsLength;
    private long taken;

    /**
     * Begins with a new request.
     *
     * @param length bytes up to the end of the empty PARAMS record
     * @return the promise with which the request is written
     */
    ChannelProgressivePromise begin(Channel channel, long length) {
        paramsLength = length;
        taken = 0;
        ChannelProgressivePromise written = channel.newProgressivePromise();
        written.addListener(this);
        return written;
    }

    /** False when PHP has provably not started the script, which it does only when it has all PARAMS. */
    boolean mayHaveStarted() {
        return taken >= paramsLength;
    }

    @Override
    public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
        taken = progress;
    }

    @Override
    public void operationComplete(ChannelProgressiveFuture future) {
        // The channel reports whether the write failed.
    }
}
