package dev.relais.slot;

import dev.relais.LogText;
import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.FcgiConnection;
import dev.relais.fastcgi.Stdin;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One slot: the right to one PHP child for one exchange. Its {@link SlotConnection} brings it to the child, {@link SlotState}
 * says where it is in its life.
 *
 * <p>Confined to its event loop, except for the counters and where noted. A slot is free again at END_REQUEST or, when the
 * connection broke, once a new one has answered the proof script and so has a child (src/docs/facts.md, facts 2 and 3).
 */
public final class Slot extends Followed implements SlotConnection.Owner {
    private static final Logger LOG = Logger.getLogger(Slot.class);

    private final SlotHome home;
    private final int index;
    private final EventLoop loop;
    private final SlotContext context;
    private final SlotConnection connection;
    private final TimeLimit limit;
    private final Replacement replacement;
    private final Tenancy tenancy = new Tenancy();

    private volatile @Nullable UsualLatency usual; // of the function last run; null before
    private volatile @Nullable Child child; // the one last proven; null before
    private volatile long exchangesBefore; // of other processes

    Slot(SlotHome home, int index, EventLoop loop, SlotContext context) {
        super(
                home,
                context.residence() == null ? null : context.residence().parts().facts());
        this.home = home;
        this.index = index;
        this.loop = loop;
        this.context = context;
        this.connection = new SlotConnection(loop, context, home, this);
        this.limit =
                new TimeLimit(loop, context.nanos(), () -> end(new ExchangeFailure.TimedOut("the time limit passed")));
        this.replacement = new Replacement(context.recycling());
    }

    public SlotOwner worker() {
        return home.worker();
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
        return home.free().loopOf(index);
    }

    /** The id of the PHP process that was last proven; -1 before. Any thread. */
    @Override
    public long pid() {
        Child proven = child;
        return proven == null ? -1 : proven.pid();
    }

    /** The process that was last proven; null before. Any thread. */
    @Override
    public @Nullable Child child() {
        return child;
    }

    /** The one last proven; only when there is one. */
    private Child process() {
        return Objects.requireNonNull(child);
    }

    /** The usual latency of the function that ran last; null before the first. Any thread. */
    @Nullable
    UsualLatency usualLatency() {
        return usual;
    }

    /** The number of exchanges that the process that was last proven has ended. Any thread. */
    @Override
    long served() {
        return Math.max(0, exchanges() - exchangesBefore);
    }

    @Override
    public ChildState childState() {
        if (!connection.isProven()) {
            return ChildState.STARTING;
        }
        if (replacement.isRunning() || !connection.isAttached()) {
            return ChildState.RETIRING;
        }
        if (state.isAnswered()) {
            return ChildState.FINISHING;
        }
        return home.free().isFree(index) ? ChildState.IDLE : ChildState.BUSY;
    }

    /**
     * Starts an exchange on a claimed slot.
     *
     * @param request the encoded request of {@code Params.finish}, which this method releases
     * @param body null when {@code request} already ends STDIN
     * @param limitMillis the time after which the child is ended and the exchange fails with {@code TimedOut}
     * @param usualLatency of this function
     * @param user called when the child is free of this exchange
     * @return false when the connection has broken since the claim: nothing was sent, the slot is not the caller's any more
     */
    public boolean exchange(
            ByteBuf request,
            @Nullable Stdin body,
            long limitMillis,
            UsualLatency usualLatency,
            Tenant user,
            ExchangeListener exchangeListener) {
        assert loop.inEventLoop();
        SlotState claimed = state.claimed();
        if (!connection.isOpen()) {
            request.release();
            state = claimed.unusable(connection.isProven());
            return false;
        }
        listener = exchangeListener;
        usual = usualLatency;
        startedNanos = context.nanos().getAsLong();
        tenancy.begin(user, connection.socket(), context.proc(), pid(), startedNanos);
        state = claimed.begun();
        begins(startedNanos);
        limit.begin(startedNanos + TimeUnit.MILLISECONDS.toNanos(limitMillis));
        connection.exchange(request, body, usualLatency.function(), this);
        return true;
    }

    /**
     * Makes an unused slot claimable by all. On the loop.
     *
     * @return false when the connection has broken meanwhile: the slot is freed again once it is mended
     */
    public boolean release() {
        assert loop.inEventLoop();
        boolean usable = connection.isProven();
        state = state.claimed().released(usable);
        if (usable) {
            home.release(index);
        }
        return usable;
    }

    /**
     * Drops the exchange of this listener, which is not called any more. PHP ends at its next output or at the time limit, or
     * at once when it lacks a part of its body. Does nothing when the exchange is over or its answer complete. On the loop.
     */
    public void abandon(ExchangeListener reader) {
        if (listener == reader && !state.isAnswered()) {
            listener = null;
            limit.end();
            if (state.reason() != null) {
                return; // it is being ended already
            }
            ExchangeFailure gone = new ExchangeFailure.Aborted("its client is gone");
            if (connection.current().isBodyUnread()) {
                end(gone);
            } else {
                state = state.abandoned(gone);
                connection.current().resumeReading(); // otherwise the end of the process might not be seen
                home.abandoned().watch(process().handle(), loop, limit.leftNanos());
                connection.close();
            }
        }
    }

    /** The process, if it is still this one, is to be replaced as soon as it runs nothing and it is its turn. Any thread. */
    public void recycle(Child old, RecycleReason reason) {
        loop.execute(() -> {
            if (old.equals(child) && !replacement.isRunning()) {
                replacement.ask(reason);
                if (connection.isProven() && home.free().withdraw(index)) {
                    state = state.claimed();
                    goOn();
                }
            }
        });
    }

    /**
     * Hands on a claimed slot that is not in use, or ends its child if that is due for replacement. The end of the child breaks
     * the connection, which is then opened again.
     */
    private void goOn() {
        if (replacement.begin(served())) {
            state = state.retired();
            context.ender().end(process().handle());
        } else {
            home.freed(index);
        }
    }

    /** A master listens at this socket. The connection to another one is closed now, or as soon as what runs there has ended. */
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
            tenancy.end(-1); // an abandoned exchange is not reported any more
        }
        replacement.end();
        if (home.free().withdraw(index)) {
            state = state.retired();
        }
        if (!(state.isBusy() && letRunningEnd)) {
            connection.close();
        }
    }

    @Override
    public void proven(Child answered, boolean formerEnded) {
        tenancy.proven(connection.socket(), formerEnded, context.nanos().getAsLong() - startedNanos);
        if (!answered.equals(child)) {
            exchangesBefore = exchanges();
            replacement.end();
        }
        child = answered;
        home.abandoned().ended(answered.pid());
        boolean claimed = state == SlotState.CLAIMED; // before the connection broke, and exchange was not called yet
        state = state.proven();
        tenancy.end(-1);
        home.provenMore();
        if (!claimed) {
            home.freed(index);
        }
    }

    @Override
    public void broken() {
        if (!connection.isAttached()) {
            tenancy.end(-1); // the master is ending and takes this child along, so nothing holds the slot any more
        }
        home.provenLess();
        state = state.broken(!home.free().withdraw(index));
    }

    @Override
    public void unproven() {
        home.unproven(context.proofScript());
    }

    @Override
    void end(ExchangeFailure reason) {
        if (state.reason() != null) {
            return;
        }
        state = state.ending(reason);
        LOG.debugf(
                "Child is ended: worker=%d child=%d reason=%s",
                home.worker().id(), pid(), LogText.value(reason.detail()));
        connection.current().resumeReading(); // otherwise the end of the process might not be seen
        context.ender().end(process().handle());
        if (!connection
                .current()
                .isBodyUnread()) { // otherwise it would run on a part of it (src/docs/facts.md, fact 9)
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
        long held = context.nanos().getAsLong() - startedNanos;
        double relative = Objects.requireNonNull(usual).observe(held);
        succeeded(relative);
        home.exchangeEnded(relative);
        state = state.ended();
        tenancy.end(held);
        ExchangeListener done = over(true);
        if (!connection.isAttached() || connection.current().isLast()) {
            state = state.retired();
            if (connection.isAttached() && replacement.begin(served())) {
                context.ender().end(process().handle());
            }
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
        ExchangeFailure earlier = state.reason();
        boolean ours = earlier != null || context.ender().isEnding(process().handle());
        if (!ours && failure instanceof ExchangeFailure.ConnectionLost lost && lost.started()) {
            tenancy.lost();
        }
        state = state.failed(failure);
        ExchangeListener failed = over(false);
        if (failed != null) {
            ExchangeFailure reason = earlier == null ? failure : earlier;
            if (!(reason instanceof ExchangeFailure.Aborted)) { // which says nothing of the worker
                failed(Objects.requireNonNull(usual).failed());
            }
            failed.onFailure(reason);
        }
    }

    private @Nullable ExchangeListener over(boolean well) {
        connection.exchangeEnded(well); // first, for it may bring the last messages
        ends(context.nanos().getAsLong());
        ExchangeListener told = listener;
        listener = null;
        limit.end();
        return told;
    }

    @Override
    public String toString() {
        return "slot " + index + " of " + home.worker();
    }
}
