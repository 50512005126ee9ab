package dev.relais.gateway;

import dev.relais.body.BodyPipe;
import dev.relais.dispatch.Exchange;
import dev.relais.fastcgi.Stdin;
import dev.relais.http.BodyPace;
import dev.relais.http.Callbacks;
import dev.relais.http.ConnectionClock;
import dev.relais.http.Edge;
import dev.relais.http.Framing;
import dev.relais.http.Inbound;
import dev.relais.http.PatientTimer;
import dev.relais.http.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;

/**
 * Passes a body of announced length on to PHP as it arrives, for functions that ask for it: a child is taken at once. The client
 * is asked for bytes, and read, only when a child takes them. Confined to the request's event loop.
 */
public final class StreamedBody implements RequestBody, Inbound.Reader {
    /** Bytes on the way between the client's connection and the child's, at which the client waits, and goes on. */
    private static final int HIGH = 128 << 10;

    private static final int LOW = 64 << 10;

    /** How long it may pause once the answer is complete: nginx lingers for 5 s, and here a child waits. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final HttpServerRequest request;
    private final Inbound inbound;
    private final Callbacks callbacks;
    private final Gateway gateway;
    private final Edge edge;
    private final Listener listener;
    private final long announced;
    private final BodyPace pace;
    private final PatientTimer timer;

    private Exchange exchange;
    private BodyPipe pipe;
    private boolean begun;
    private long arrived;
    private int onTheWay;
    private int counted; // in the budget
    private boolean paused;
    private boolean answered;
    private ConnectionClock held; // null: by the invocation, or nobody
    private boolean over; // whole, broken off or dropped

    /** @param request one that announces its length */
    StreamedBody(HttpServerRequest request, Callbacks callbacks, Gateway gateway, Edge edge, Listener listener) {
        this.request = request;
        this.inbound = new Inbound(request, callbacks);
        this.callbacks = callbacks;
        this.gateway = gateway;
        this.edge = edge;
        this.listener = listener;
        this.announced = Framing.length(request);
        this.pace = new BodyPace(gateway.config().bodyMinRate());
        this.timer = new PatientTimer(edge.loop(), this::leftNanos, callbacks.task(() -> refuse(Problem.BODY_TIMEOUT)));
    }

    @Override
    public void begin() {
        if (announced > gateway.config().maxBodySize().asLongValue()) {
            over = true;
            listener.bodyRefused(Problem.BODY_TOO_LARGE);
        } else if (!gateway.memory().bodies().tryTake(HIGH)) {
            over = true;
            listener.bodyRefused(Problem.MEMORY_FULL);
        } else {
            counted = HIGH;
            listener.bodyReady();
        }
    }

    @Override
    public Stdin stdin(Exchange reader) {
        exchange = reader;
        pipe = new BodyPipe(announced, taken -> edge.loop().execute(() -> callbacks.run(() -> onTaken(taken))));
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
            ask();
        } else if (paused && onTheWay <= LOW) {
            paused = false;
            pace.begin();
            inbound.resume();
        }
    }

    private void ask() {
        pace.begin();
        timer.start();
        RequestBody.sendContinue(request);
        inbound.read(this);
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
        pace.took(chunk.length());
        arrived += chunk.length();
        if (arrived > announced) {
            refuse(Problem.MALFORMED_REQUEST);
            return;
        }
        onTheWay += chunk.length();
        if (onTheWay >= HIGH && !paused) {
            paused = true;
            inbound.pause();
        }
        BodyPipe into = pipe;
        exchange.passBody(() -> into.add(chunk.getByteBuf()));
    }

    @Override
    public void onEnd() {
        if (over) {
            return;
        }
        if (isWhole()) {
            finish();
        } else {
            refuse(Problem.MALFORMED_REQUEST);
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
            held.goesOn(); // else its next bytes would be taken for a head, or their pause for idleness
        }
        pace.linger();
        if (timer.isRunning()) {
            timer.stop();
            timer.start();
        }
    }

    private long limitNanos() {
        long usual = gateway.config().bodyTimeout().toNanos();
        return answered ? Math.min(usual, LINGER_NANOS) : usual;
    }

    private long leftNanos() {
        long limit = limitNanos();
        return paused ? limit : pace.leftNanos(limit); // else it is PHP that takes its time
    }

    private void refuse(Problem problem) {
        finish();
        listener.bodyRefused(problem);
    }

    private void finish() {
        over = true;
        timer.stop();
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
        gateway.memory().bodies().giveBack(counted);
        counted = 0;
        finish();
    }
}
