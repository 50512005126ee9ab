package dev.relais.fastcgi;

import io.netty.channel.Channel;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.util.concurrent.GenericProgressiveFutureListener;

/** How much of one request after another the socket has taken, up to the end of its PARAMS. Confined to the connection's event loop. */
final class RequestProgress implements GenericProgressiveFutureListener<ChannelProgressiveFuture> {
    private long paramsLength;
    private long taken;

    /**
     * Begins.
     *
     * @param length bytes up to the end of the empty PARAMS record
     * @return to be written with
     */
    ChannelProgressivePromise begin(Channel channel, long length) {
        paramsLength = length;
        taken = 0;
        ChannelProgressivePromise written = channel.newProgressivePromise();
        written.addListener(this);
        return written;
    }

    /** False when PHP has provably not started the script: it does so only when it has all the PARAMS. */
    boolean mayHaveStarted() {
        return taken >= paramsLength;
    }

    @Override
    public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
        taken = progress;
    }

    @Override
    public void operationComplete(ChannelProgressiveFuture future) {
        // Whether it failed, the channel says.
    }
}
