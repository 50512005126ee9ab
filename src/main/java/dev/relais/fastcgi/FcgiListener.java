package dev.relais.fastcgi;

import dev.relais.Digits;
import dev.relais.OutOfMemory;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Unix socket on which the processes of resident applications connect to the gateway. Each says who it is by one line,
 * {@code RELAIS/1 <nonce> <process id>}, and serves FastCGI from then on. Whoever says nothing for some seconds, says something else or is
 * not expected is closed. Confined to its event loop, but for {@link #listen} and {@link #close}.
 */
public final class FcgiListener {
    /** Knows who is expected. */
    public interface Door {
        /**
         * @param nonce what the process was told, and nobody else
         * @param pid what it says its process is
         * @param peer the process that has connected, as the kernel knows it; -1 when that is not known
         * @return who owns its connection; null when it is not expected
         */
        FcgiConnection.@Nullable Owner admit(String nonce, long pid, long peer);
    }

    private static final String GREETING = "RELAIS/1 ";
    private static final int NONCE_LENGTH = 32;
    private static final int LONGEST = GREETING.length() + NONCE_LENGTH + 1 + 10 + 1;
    private static final long PATIENCE_SECONDS = 5;
    /** The most connections that have not said who they are. */
    static final int MOST_STRANGERS = 64;

    private final Door door;
    private final int headLimit;
    private final FinishMark mark;
    private @Nullable Channel server; // null until it is bound
    private boolean closed;
    private int strangers;

    private FcgiListener(Door door, int headLimit, FinishMark mark) {
        this.door = door;
        this.headLimit = headLimit;
        this.mark = mark;
    }

    /**
     * Listens at a path that does not exist yet. Any thread.
     *
     * @param headLimit the most bytes of a response head
     * @param mark by which a script says that its answer is complete
     * @param onBound called on the loop, with why it could not be bound or null
     */
    public static FcgiListener listen(
            EventLoop loop,
            Path socket,
            int headLimit,
            FinishMark mark,
            Door door,
            Consumer<@Nullable Throwable> onBound) {
        FcgiListener listener = new FcgiListener(door, headLimit, mark);
        UnixTransport.listen(loop, socket, new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        listener.accept(accepted);
                    }
                })
                .addListener(bound -> {
                    OutOfMemory.mind(bound.cause());
                    if (bound.isSuccess()) {
                        listener.bound(((ChannelFuture) bound).channel());
                    }
                    onBound.accept(bound.cause());
                });
        return listener;
    }

    /** Whether a listening channel is one of these, and no client's. Any thread. */
    public static boolean isOne(@Nullable Channel listening) {
        return listening != null && listening.hasAttr(UnixTransport.OWN);
    }

    private void bound(Channel channel) {
        server = channel;
        if (closed) {
            channel.close();
        }
    }

    /** Takes no more connections; those that were admitted stay. On the loop. */
    public void close() {
        closed = true;
        if (server != null) {
            server.close();
        }
    }

    private void accept(Channel accepted) {
        if (strangers >= MOST_STRANGERS) {
            accepted.close();
            return;
        }
        strangers++;
        accepted.pipeline().addLast(new Stranger());
    }

    /** Who has connected and not said who it is. */
    private final class Stranger extends ChannelInboundHandlerAdapter {
        private final StringBuilder said = new StringBuilder(LONGEST);
        private boolean known;

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.executor().schedule(() -> giveUp(ctx), PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        private void giveUp(ChannelHandlerContext ctx) {
            if (!known) {
                ctx.close();
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            try {
                said.append(in.toString(StandardCharsets.ISO_8859_1), 0, Math.min(in.readableBytes(), LONGEST + 1));
            } finally {
                in.release();
            }
            int end = said.indexOf("\n");
            if (end < 0 && said.length() < LONGEST) {
                return;
            }
            FcgiConnection.Owner owner = end == said.length() - 1 ? admitted(said.substring(0, end), ctx) : null;
            if (owner == null) {
                ctx.close();
                return;
            }
            known = true;
            strangers--;
            new FcgiConnection(owner, headLimit, mark, true).adopt(ctx);
        }

        private FcgiConnection.@Nullable Owner admitted(String line, ChannelHandlerContext ctx) {
            int nonceEnd = GREETING.length() + NONCE_LENGTH;
            if (!line.startsWith(GREETING) || line.length() <= nonceEnd + 1 || line.charAt(nonceEnd) != ' ') {
                return null;
            }
            long pid = Digits.parse(line.substring(nonceEnd + 1), Integer.MAX_VALUE);
            return pid < 1
                    ? null
                    : door.admit(line.substring(GREETING.length(), nonceEnd), pid, UnixTransport.peer(ctx.channel()));
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (!known) {
                known = true;
                strangers--;
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            OutOfMemory.mind(cause);
            ctx.close();
        }
    }
}
