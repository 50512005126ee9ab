package dev.relais.slot;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.FcgiConnection;
import dev.relais.fastcgi.Stdin;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * One slot: the right to one PHP child for one exchange. Its {@link SlotConnection} brings it to the child.
 *
 * <p>Confined to its event loop, but for {@link #publish}, the counters and what says otherwise. Free again at END_REQUEST, or, when the
 * connection broke, once a new one has answered the proof script, which shows that a child is behind it (src/docs/facts.md, facts 2, 3).
 */
public final class Slot extends Followed implements SlotConnection.Owner {
    private static final Logger LOG = Logger.getLogger(Slot.class);

    private final Worker worker;
    private final int index;
    private final EventLoop loop;
    private final int loopIndex;
    private final SlotContext context;
    private final SlotConnection connection;
    private final TimeLimit limit;
    private final Replacement replacement;

    private volatile boolean running; // an exchange was started and its child is not free yet
    private boolean withdrawn; // neither claimable nor claimed, because the worker is leaving
    private boolean claimedElsewhere; // the connection broke between a claim on another loop and its exchange
    private volatile UsualLatency usual; // of the function last run; null before
    private final Tenancy tenancy = new Tenancy();
    private volatile long startedNanos;
    private ExchangeFailure ending; // why we end its exchange; null: we do not
    private volatile Child child; // the child last proven; null before
    private volatile long exchangesBefore; // of other processes

    Slot(Worker worker, int index, EventLoop loop, int loopIndex, SlotContext context) {
        super(worker.copies());
        this.worker = worker;
        this.index = index;
        this.loop = loop;
        this.loopIndex = loopIndex;
        this.context = context;
        this.connection = new SlotConnection(worker, loop, context, this);
        this.limit = new TimeLimit(loop, () -> end(new ExchangeFailure.TimedOut("the time limit passed")));
        this.replacement = new Replacement(context.recycling());
    }

    public Worker worker() {
        return worker;
    }

    int index() {
        return index;
    }

    SlotConnection connection() {
        return connection;
    }

    public EventLoop loop() {
        return loop;
    }

    public int loopIndex() {
        return loopIndex;
    }

    /** Of the PHP process that was last proven; -1 before. Any thread. */
    @Override
    public long pid() {
        Child proven = child;
        return proven == null ? -1 : proven.pid();
    }

    /** Any thread. */
    @Override
    public Child child() {
        return child;
    }

    /** Of the function last run; null before the first. Any thread. */
    UsualLatency usualLatency() {
        return usual;
    }

    /** Exchanges that the process last proven has ended. Any thread. */
    long served() {
        return Math.max(0, exchanges() - exchangesBefore);
    }

    public SlotStatus.State state() {
        if (!connection.isProven()) {
            return SlotStatus.State.STARTING;
        }
        if (replacement.isRunning() || !connection.isAttached()) {
            return SlotStatus.State.RETIRING;
        }
        SlotStatus.State working = finishing ? SlotStatus.State.FINISHING : SlotStatus.State.BUSY;
        return worker.isFree(index) ? SlotStatus.State.IDLE : working;
    }

    /** Of the running exchange, as {@link UsualLatency#relativeAge} says; negative when none runs. Any thread. */
    double relativeAge(long nowNanos) {
        UsualLatency current = usual;
        boolean runs = running && current != null && state() == SlotStatus.State.BUSY;
        return runs ? current.relativeAge(nowNanos - startedNanos) : -1;
    }

    /**
     * Starts an exchange on a claimed slot.
     *
     * @param request what {@code Params.finish} made; released here
     * @param body null when {@code request} already ends STDIN
     * @param limitMillis after which the child is ended and the listener told {@code TimedOut}
     * @param usualLatency of this function
     * @param user told when the child is free of this exchange
     * @return false when the connection has broken since the claim: nothing was sent, the slot is not the caller's any more
     */
    public boolean exchange(
            ByteBuf request,
            Stdin body,
            long limitMillis,
            UsualLatency usualLatency,
            Tenant user,
            ExchangeListener exchangeListener) {
        assert loop.inEventLoop();
        claimedElsewhere = false;
        if (!connection.isOpen()) {
            request.release();
            withdrawn |= connection.isProven(); // broken() is still to come: then the slot is nobody's
            return false;
        }
        listener = exchangeListener;
        usual = usualLatency;
        tenancy.begin(user, connection.socket());
        startedNanos = System.nanoTime();
        running = true;
        messagesBegin();
        ending = null;
        limit.begin(startedNanos + TimeUnit.MILLISECONDS.toNanos(limitMillis));
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
        if (connection.isProven()) {
            worker.publish(index);
        }
        return connection.isProven();
    }

    /**
     * Drops the exchange of this listener, who hears no more: PHP ends at its next output, at the latest at the time limit; at once
     * when it has not got its whole body. Nothing when the exchange is over or its answer complete. On the loop.
     */
    public void abandon(ExchangeListener reader) {
        if (listener == reader && !finishing) {
            listener = null;
            limit.end();
            if (ending != null) {
                return; // it is being ended already
            }
            ExchangeFailure gone = new ExchangeFailure.Aborted("its client is gone");
            if (connection.current().isBodyUnread()) {
                end(gone);
            } else {
                ending = gone;
                connection.current().resumeReading(); // else the end of the process might not be seen
                worker.abandoned().watch(child.handle(), loop, limit.leftNanos());
                connection.close();
            }
        }
    }

    /**
     * Ends the process that runs the exchange of this listener, who is told {@code Aborted}. Nothing when the exchange is over, its
     * answer complete or its process being ended. On the loop.
     */
    public void abort(ExchangeListener reader) {
        if (listener == reader && !finishing && ending == null) {
            end(new ExchangeFailure.Aborted("its client is gone"));
        }
    }

    /** What this listener's exchange still wants of its body will not come: ends its process, though its answer may be complete. On the loop. */
    public void bodyBrokeOff(ExchangeListener reader) {
        if (listener == reader && ending == null && connection.current().isBodyUnread()) {
            end(new ExchangeFailure.Aborted("its body broke off"));
        }
    }

    /** The process, if it is still this one, is to be replaced as soon as it runs nothing and it is its turn. Any thread. */
    public void recycle(Child old, RecycleReason reason) {
        loop.execute(() -> {
            if (old.equals(child) && !replacement.isRunning()) {
                replacement.ask(reason);
                if (connection.isProven() && worker.withdraw(index)) {
                    goOn();
                }
            }
        });
    }

    /** Nobody has the slot: frees it, unless the process is to be replaced, whose end breaks the connection, which is then mended. */
    private void goOn() {
        if (replacement.begin(served())) {
            withdrawn = true;
            context.ender().end(child.handle());
        } else {
            context.slots().freed(this);
        }
    }

    /** A master listens at this socket. One that it is connected to is left at once, or when what runs there has ended. */
    void attach(Path path) {
        loop.execute(() -> {
            connection.attach(path);
            letGo(connection.isProven());
        });
    }

    void detach(boolean letRunningEnd) {
        loop.execute(() -> {
            connection.detach();
            letGo(letRunningEnd);
        });
    }

    private void letGo(boolean letRunningEnd) {
        if (!connection.isProven()) {
            tenancy.end(-1); // of an abandoned run nobody will hear any more
        }
        replacement.end();
        withdrawn |= worker.withdraw(index);
        if (!(running && letRunningEnd)) {
            connection.close();
        }
    }

    @Override
    public void proven(Child answered, boolean formerEnded) {
        tenancy.proven(connection.socket(), formerEnded, System.nanoTime() - startedNanos);
        if (!answered.equals(child)) {
            exchangesBefore = exchanges();
            replacement.end();
        }
        child = answered;
        worker.abandoned().ended(answered.pid());
        running = false;
        tenancy.end(-1);
        boolean first = !worker.serving();
        worker.provenChanged(1);
        if (first) {
            context.workers().onServing();
        }
        if (!claimedElsewhere) {
            context.slots().freed(this);
        }
    }

    @Override
    public void broken() {
        if (!connection.isAttached()) {
            tenancy.end(-1); // its master is ending, and it with it
        }
        worker.provenChanged(-1);
        claimedElsewhere = !running && !withdrawn && !worker.withdraw(index);
        withdrawn = false;
    }

    private void end(ExchangeFailure reason) {
        ending = reason;
        LOG.debugf("Child is ended: worker=%d child=%d reason=\"%s\"", worker.id(), child.pid(), reason.detail());
        connection.current().resumeReading(); // else the end of the process might not be seen
        context.ender().end(child.handle());
        if (!connection.current().isBodyUnread()) { // else it would run on half of it (src/docs/facts.md, fact 9)
            connection.close();
        }
    }

    @Override
    FcgiConnection current() {
        return connection.current();
    }

    @Override
    TimeLimit limit() {
        return limit;
    }

    @Override
    public void onEnd(int appStatus) {
        running = false;
        long held = System.nanoTime() - startedNanos;
        double relative = usual.observe(held);
        succeeded(relative);
        if (worker.slowRun().add(relative)) {
            context.workers().onSlow();
        }
        tenancy.end(held);
        ExchangeListener done = over();
        if (!connection.isAttached() || connection.current().isLast()) {
            withdrawn = true;
            connection.close();
        } else {
            // First the next request to PHP, then the answer of this one: the child works while we write.
            goOn();
        }
        if (done != null) {
            done.onEnd(appStatus);
        }
    }

    @Override
    public void onFailure(ExchangeFailure failure) {
        boolean ours = ending != null || context.ender().isEnding(child.handle());
        if (!ours && failure instanceof ExchangeFailure.ConnectionLost lost && lost.started()) {
            tenancy.lost();
        }
        ExchangeListener failed = over();
        if (failed != null) {
            ExchangeFailure reason = ending == null ? failure : ending;
            if (!(reason instanceof ExchangeFailure.Aborted)) { // which says nothing of the worker
                failed(usual.failed());
            }
            failed.onFailure(reason);
        }
    }

    private ExchangeListener over() {
        messagesEnded();
        ExchangeListener told = listener;
        listener = null;
        finishing = false;
        limit.end();
        return told;
    }
}
