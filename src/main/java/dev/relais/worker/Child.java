package dev.relais.worker;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.FcgiConnection;
import dev.relais.fastcgi.ResponseHead;
import dev.relais.fastcgi.Stdin;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * One slot: the right to one PHP child for one exchange, and the persistent connection to it.
 *
 * <p>Confined to its event loop, but for {@link #publish}, the counters and what says otherwise. The slot is free again at
 * END_REQUEST, or, when the connection broke, once a new one has answered the proof script, because only that shows that a
 * child is behind it (DESIGN.md facts 2 and 3).
 */
public final class Child extends ChildCounters implements FcgiConnection.Owner, ExchangeListener {
    private static final Logger LOG = Logger.getLogger(Child.class);
    private static final long FIRST_RETRY_MILLIS = 4;
    private static final long LAST_RETRY_MILLIS = 500;

    private final Worker worker;
    private final int index;
    private final EventLoop loop;
    private final int loopIndex;
    private final ChildContext context;

    private Path socket; // null: detached
    private boolean connecting; // an attempt or a retry is under way
    private FcgiConnection connection; // null: connecting or detached
    private boolean proven;
    private boolean running; // an exchange was started and its child is not free yet
    private boolean withdrawn; // neither claimable nor claimed, because the worker is leaving
    private boolean claimedElsewhere; // the connection broke between a claim on another loop and its exchange
    private long retryMillis = FIRST_RETRY_MILLIS;

    private ExchangeListener listener; // null: no exchange, or an abandoned one
    private UsualLatency usual;
    private long startedNanos;
    private boolean timedOut;
    private long deadlineNanos; // of the exchange
    private ScheduledFuture<?> check; // fires at the deadline or before it, then looks again; null: none
    private long checkNanos;
    private volatile ProcessHandle process; // the child last proven; null before

    Child(Worker worker, int index, EventLoop loop, int loopIndex, ChildContext context) {
        this.worker = worker;
        this.index = index;
        this.loop = loop;
        this.loopIndex = loopIndex;
        this.context = context;
    }

    public Worker worker() {
        return worker;
    }

    int index() {
        return index;
    }

    public EventLoop loop() {
        return loop;
    }

    public int loopIndex() {
        return loopIndex;
    }

    /** Of the PHP process that was last proven; -1 before. Any thread. */
    public long pid() {
        ProcessHandle proven = process;
        return proven == null ? -1 : proven.pid();
    }

    /**
     * Starts an exchange on a claimed slot.
     *
     * @param request what {@code Params.finish} made; released here
     * @param body null when {@code request} already ends STDIN
     * @param limitMillis after which the child is ended and the listener told {@code TimedOut}
     * @param usualLatency of this function
     * @return false when the connection has broken since the claim: nothing was sent, the slot is not the caller's any more
     */
    public boolean exchange(
            ByteBuf request,
            Stdin body,
            long limitMillis,
            UsualLatency usualLatency,
            ExchangeListener exchangeListener) {
        assert loop.inEventLoop();
        claimedElsewhere = false;
        if (!proven || !connection.isOpen()) {
            request.release();
            withdrawn |= proven; // closed() is still to come: then the slot is nobody's
            return false;
        }
        running = true;
        listener = exchangeListener;
        usual = usualLatency;
        startedNanos = System.nanoTime();
        timedOut = false;
        limitTo(startedNanos + TimeUnit.MILLISECONDS.toNanos(limitMillis));
        connection.exchange(request, body, this);
        return true;
    }

    /**
     * Gives an unused slot back: makes it claimable by all. On the loop.
     *
     * @return false when the connection has broken meanwhile: the slot is freed again once it is mended
     */
    public boolean publish() {
        assert loop.inEventLoop();
        claimedElsewhere = false;
        if (proven) {
            worker.publish(index);
        }
        return proven;
    }

    /** Stops reading the answer of this listener's exchange; nothing when that is over. On the loop. */
    public void pauseReading(ExchangeListener reader) {
        if (listener == reader) {
            connection.pauseReading();
        }
    }

    /** The opposite of {@link #pauseReading}. */
    public void resumeReading(ExchangeListener reader) {
        if (listener == reader) {
            connection.resumeReading();
        }
    }

    /**
     * Drops the exchange of this listener, who hears no more: PHP ends at its next output, at the latest at the time limit.
     * Nothing when the exchange is over. On the loop.
     */
    public void abandon(ExchangeListener reader) {
        if (listener == reader) {
            listener = null;
            if (!timedOut) { // else it is being ended already
                worker.abandoned().watch(process, loop, deadlineNanos - System.nanoTime());
            }
            connection.close();
        }
    }

    void attach(Path path) {
        loop.execute(() -> {
            socket = path;
            retryMillis = FIRST_RETRY_MILLIS;
            if (connection != null) {
                connection.close();
            } else if (!connecting) {
                connect();
            }
        });
    }

    void detach(boolean letRunningEnd) {
        loop.execute(() -> {
            socket = null;
            withdrawn |= worker.withdraw(index);
            if (connection != null && !(running && letRunningEnd)) {
                connection.close();
            }
        });
    }

    private void connect() {
        connecting = socket != null;
        if (connecting) {
            FcgiConnection.connect(loop, socket, context.headLimit(), this);
        }
    }

    private void retry() {
        connecting = true;
        loop.schedule(this::connect, retryMillis, TimeUnit.MILLISECONDS);
        retryMillis = Math.min(2 * retryMillis, LAST_RETRY_MILLIS);
    }

    @Override
    public void connectFailed(Throwable cause) {
        LOG.debugf("%s: no connection: %s", worker, cause.getMessage());
        retry();
    }

    @Override
    public void connected(FcgiConnection opened) {
        connecting = false;
        connection = opened;
        if (socket == null) {
            opened.close();
            return;
        }
        Proof.run(opened, context.proofScript(), this::onProof);
    }

    /** @param pid what the script answered, or -1 */
    private void onProof(FcgiConnection proof, long pid) {
        context.control().execute(() -> {
            ProcessHandle handle = pid > 0 ? ProcessHandle.of(pid).orElse(null) : null;
            loop.execute(() -> onProcess(proof, handle));
        });
    }

    private void onProcess(FcgiConnection proof, ProcessHandle handle) {
        if (connection != proof || socket == null || !proof.isOpen()) {
            proof.close();
            return;
        }
        if (handle == null) {
            worker.warnUnproven(context.proofScript());
            proof.close();
            return;
        }
        process = handle;
        worker.abandoned().ended(handle.pid());
        proven = true;
        running = false;
        retryMillis = FIRST_RETRY_MILLIS;
        boolean first = !worker.serving();
        worker.provenChanged(1);
        if (first) {
            context.onServing().run();
        }
        if (!claimedElsewhere) {
            context.slots().freed(this);
        }
    }

    @Override
    public void closed(FcgiConnection gone) {
        if (connection != gone) {
            return;
        }
        connection = null;
        if (proven) {
            proven = false;
            worker.provenChanged(-1);
            claimedElsewhere = !running && !withdrawn && !worker.withdraw(index);
            withdrawn = false;
            connect();
        } else {
            retry();
        }
    }

    @Override
    public void transferred(int in, int out) {
        moved(in, out);
    }

    /** One timer for many exchanges: it is moved when a deadline is nearer, and left alone when it is not. */
    private void limitTo(long deadline) {
        deadlineNanos = deadline;
        if (check == null || deadline - checkNanos < 0) {
            if (check != null) {
                check.cancel(false);
            }
            checkNanos = deadline;
            check = loop.schedule(this::onCheck, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
    }

    private void onCheck() {
        check = null;
        if (listener == null) {
            return;
        }
        if (deadlineNanos - System.nanoTime() > 0) {
            limitTo(deadlineNanos);
            return;
        }
        timedOut = true;
        LOG.debugf("%s: ending child %s at its time limit", worker, process.pid());
        context.ender().end(process);
        connection.close();
    }

    @Override
    public void onHead(ResponseHead head) {
        if (listener != null) {
            listener.onHead(head);
        }
    }

    @Override
    public void onBody(ByteBuf in, int length) {
        if (listener != null) {
            listener.onBody(in, length);
        }
    }

    @Override
    public void onReadComplete() {
        if (listener != null) {
            listener.onReadComplete();
        }
    }

    @Override
    public void onStderr(String message) {
        if (listener != null) {
            listener.onStderr(message);
        }
    }

    @Override
    public void onEnd(int appStatus) {
        running = false;
        succeeded(usual.observe(System.nanoTime() - startedNanos));
        ExchangeListener done = listener;
        listener = null;
        if (socket == null) {
            withdrawn = true;
            connection.close();
        } else {
            // First the next request to PHP, then the answer of this one: the child works while we write.
            context.slots().freed(this);
        }
        if (done != null) {
            done.onEnd(appStatus);
        }
    }

    @Override
    public void onFailure(ExchangeFailure failure) {
        ExchangeListener failed = listener;
        listener = null;
        if (failed != null) {
            failed();
            failed.onFailure(timedOut ? new ExchangeFailure.TimedOut("the time limit passed") : failure);
        }
    }
}
