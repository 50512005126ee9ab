package dev.relais.body;

import dev.relais.fastcgi.Stdin;
import dev.relais.http.Callbacks;
import dev.relais.http.ConnectionClock;
import dev.relais.http.Framing;
import dev.relais.http.MemoryBudget;
import io.netty.channel.EventLoop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes a body of announced length on to PHP as it arrives, for functions whose settings ask for it. A child is taken at once,
 * and the client's bytes are asked for and read only when the child takes them. Confined to the request's event loop.
 */
final class StreamedBody implements RequestBody, Inbound.Reader {
    /** The client is held back when so many bytes are on the way between its connection and the child's. */
    private static final int HIGH = 128 << 10;

    /** The client may go on when no more than this many bytes are left. */
    private static final int LOW = 64 << 10;

    /** How long the client may pause once the answer is complete. nginx waits 5 s, but here a child waits, too. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final HttpServerRequest request;
    private final Inbound inbound;
    private final Callbacks callbacks;
    private final BodyLimits limits;
    private final MemoryBudget budget;
    private final EventLoop loop;
    private final Listener listener;
    private final long announced;

    /** Runs a task where the child is, which then looks for more. */
    @SuppressWarnings("NullAway.Init") // by stdin, before the first byte is read
    private Consumer<Runnable> onChild;

    @SuppressWarnings("NullAway.Init") // as onChild
    private BodyPipe pipe;

    private boolean begun;
    private long arrived;
    private int onTheWay;
    private int counted; // the bytes that the budget has counted
    private boolean paused;
    private boolean answered;
    private @Nullable ConnectionClock
            held; // the clock that is kept from closing the connection as idle after the answer; null when it is not
    private boolean over; // the body is whole, broken off or dropped

    /** @param request a request that announces the length of its body */
    StreamedBody(
            HttpServerRequest request,
            BodyLimits limits,
            MemoryBudget budget,
            EventLoop loop,
            Callbacks callbacks,
            Listener listener) {
        this.request = request;
        this.callbacks = callbacks;
        this.limits = limits;
        this.budget = budget;
        this.loop = loop;
        this.listener = listener;
        this.announced = Framing.length(request);
        this.inbound = new Inbound(
                request, limits.minRate(), loop, this::leftNanos, () -> refuse(BodyRefusal.TOO_SLOW), callbacks);
    }

    @Override
    public void begin() {
        if (announced > limits.maxSize()) {
            over = true;
            listener.bodyRefused(BodyRefusal.TOO_LARGE);
        } else if (!budget.tryTake(HIGH)) {
            over = true;
            listener.bodyRefused(BodyRefusal.MEMORY_FULL);
        } else {
            counted = HIGH;
            listener.bodyReady();
        }
    }

    @Override
    public Stdin stdin(Consumer<Runnable> childsSide) {
        onChild = childsSide;
        pipe = new BodyPipe(announced, taken -> loop.execute(() -> callbacks.run(() -> onTaken(taken))));
        return pipe;
    }

    /** The child wants bytes (0 the first time), or has taken some. */
    private void onTaken(int bytes) {
        if (over) {
            return;
        }
        onTheWay -= bytes;
        if (!begun) {
            begun = true;
            inbound.begin(this);
        } else if (paused && onTheWay <= LOW) {
            paused = false;
            inbound.resume();
        }
    }

    /** The invocation hears of a client that is gone, too, but not once its answer is complete. */
    @Override
    public void onBroken(Throwable failure) {
        if (!over) {
            finish();
            listener.bodyBrokeOff();
        }
    }

    @Override
    public void onChunk(Buffer chunk) {
        if (over) {
            return;
        }
        inbound.took(chunk.length());
        arrived += chunk.length();
        if (arrived > announced) {
            refuse(BodyRefusal.MALFORMED);
            return;
        }
        onTheWay += chunk.length();
        if (onTheWay >= HIGH && !paused) {
            paused = true;
            inbound.pause();
        }
        BodyPipe into = pipe;
        onChild.accept(() -> into.add(chunk.getByteBuf()));
    }

    @Override
    public void onEnd() {
        if (over) {
            return;
        }
        if (isWhole()) {
            finish();
        } else {
            refuse(BodyRefusal.MALFORMED);
        }
    }

    @Override
    public void answered() {
        answered = true;
        if (over) {
            return;
        }
        held = ConnectionClock.of(request);
        if (held != null) {
            held.goesOn(); // otherwise its next bytes would be taken for a head, or a pause for idleness
        }
        inbound.linger();
    }

    private long limitNanos() {
        long usual = limits.timeoutNanos();
        return answered ? Math.min(usual, LINGER_NANOS) : usual;
    }

    private long leftNanos() {
        long limit = limitNanos();
        // While the client is held back it is PHP that takes its time.
        return paused ? limit : inbound.leftNanos(limit);
    }

    private void refuse(BodyRefusal reason) {
        finish();
        listener.bodyRefused(reason);
    }

    private void finish() {
        over = true;
        inbound.stop();
        if (held != null) {
            held.end();
            held = null;
        }
    }

    @Override
    public long size() {
        return announced;
    }

    @Override
    public boolean isWhole() {
        return arrived == announced;
    }

    @Override
    public boolean isRepeatable() {
        return !begun;
    }

    @Override
    public void discard() {
        finish();
    }

    @Override
    public void release() {
        budget.giveBack(counted);
        counted = 0;
        finish();
    }
}
