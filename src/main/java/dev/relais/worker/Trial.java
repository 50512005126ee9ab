package dev.relais.worker;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.ResponseHead;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/** One request of Relais' own, run on a free child of a worker before its generation serves. Confined to the child's event loop. */
public final class Trial implements ExchangeListener, Tenant {
    /**
     * How it ended.
     *
     * @param status of the answer; 0 when it broke off
     * @param text the begin of the body, as ISO-8859-1; or why it broke off
     */
    public record Reply(int status, String text) {}

    private static final Logger LOG = Logger.getLogger(Trial.class);
    private static final int MOST_TEXT = 4096;

    private final Worker worker;
    private final String name;
    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();
    private int status;

    private Trial(Worker worker, String name) {
        this.worker = worker;
        this.name = name;
    }

    /**
     * Runs one request. Any thread.
     *
     * @param name what is run, for people
     * @param request a whole one, without a body; released in any case
     * @param limitMillis after which the child is ended
     * @return completes on the child's event loop; never fails
     */
    public static CompletableFuture<Reply> run(Worker worker, String name, ByteBuf request, long limitMillis) {
        Trial trial = new Trial(worker, name);
        Child child = worker.tryClaim(0);
        if (child == null) {
            request.release();
            trial.broke("no child of " + worker + " is free");
            return trial.reply;
        }
        child.loop().execute(() -> {
            // Its latency is nobody's yardstick: nothing is compiled yet.
            if (!child.exchange(request, null, limitMillis, new UsualLatency(name), trial, trial)) {
                trial.broke("the child of " + worker + " has ended");
            }
        });
        return trial.reply;
    }

    private void broke(String why) {
        reply.complete(new Reply(0, why));
    }

    @Override
    public void onHead(ResponseHead head) {
        status = head.status();
    }

    @Override
    public void onBody(ByteBuf in, int length) {
        int taken = Math.min(length, MOST_TEXT - text.length());
        text.append(in.toString(in.readerIndex(), taken, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void onReadComplete() {}

    @Override
    public void onStderr(String message) {
        LOG.warnf("%s, warm-up of %s: %s", worker, name, FpmLine.escape(message));
    }

    @Override
    public void onFinished() {}

    @Override
    public void onEnd(int appStatus) {
        reply.complete(new Reply(status == 0 ? 200 : status, text.toString()));
    }

    @Override
    public void onFailure(ExchangeFailure failure) {
        broke(failure.detail());
    }

    @Override
    public void left(long heldNanos) {}

    @Override
    public void crashed() {}
}
