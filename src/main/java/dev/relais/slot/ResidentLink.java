package dev.relais.slot;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.FcgiConnection;
import dev.relais.fastcgi.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an application in the memory of a slot's child: one exchange on the slot's connection runs the boot script, which boots the
 * application, connects to the gateway and serves requests on that connection until it ends. Then it is run again, in the same child. While
 * boots fail there are pauses between them, which grow. Confined to the slot's event loop.
 *
 * <pre>
 * state      what is so                                         what follows
 * absent     there is no connection to a child                  attach: waiting
 * waiting    the child has no application yet: it is another    begin: booting
 *            one's turn, or a pause
 * booting    the script runs, and has not connected             connected: ready; its end: waiting
 * ready      it serves requests on its own connection           closed: leaving; its end: waiting
 * leaving    its own connection is closed, the script goes on   its end: waiting
 * </pre>
 */
final class ResidentLink implements ExchangeListener, FcgiConnection.Owner {
    /** The slot's connection. */
    interface Owner {
        /** The application serves requests on this connection. */
        void booted(FcgiConnection serving);

        /** It does no more. */
        void servesNoMore();

        /** PHP has logged this in the boot or in a request. */
        void logged(long pid, String message);

        /** As {@link FcgiConnection.Owner#transferred}. */
        void transferred(int in, int out);

        /** Whether the child is to serve, and its end in a boot is a fault. */
        boolean isAttached();
    }

    private enum State {
        ABSENT,
        WAITING,
        BOOTING,
        READY,
        LEAVING
    }

    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;
    /** For how long a boot keeps others from booting: one that computes is over by then, one that waits need not be waited for. */
    private static final long TURN_MILLIS = 3_000;
    /** How often it asks what the application is, at the gateway's start. */
    private static final long UNKNOWN_MILLIS = 10;

    private static final int MOST_TOLD = 400;

    private final EventLoop loop;
    private final SlotContext context;
    private final Residence residence;
    private final SlotHome home;
    private final Residence.Application application;
    private final Owner owner;

    private State state = State.ABSENT;
    private @Nullable FcgiConnection outer; // that runs the boot script; null when absent
    private @Nullable FcgiConnection serving; // that the application has opened; null for none
    private @Nullable Child child; // behind outer
    private @Nullable String nonce; // that the child was told; null when none is good
    private @Nullable Future<?> limit; // of the boot; null when none runs
    private @Nullable Future<?> turn; // the end of its turn to boot; null when it is not its turn
    private boolean used; // the application has served since it has booted
    private long begunNanos;
    private int failures; // boots in a row after which no request was served
    private @Nullable String said; // the first message of the boot

    ResidentLink(EventLoop loop, SlotContext context, Residence residence, SlotHome home, Owner owner) {
        this.loop = loop;
        this.context = context;
        this.residence = residence;
        this.home = home;
        this.application = residence.application();
        this.owner = owner;
    }

    /** This connection leads to a child, which runs nothing. */
    void attach(FcgiConnection connection, Child proven) {
        outer = connection;
        child = proven;
        await();
    }

    /** Whether there is a child, whose application serves or will. */
    boolean isAttached() {
        return state != State.ABSENT;
    }

    private void await() {
        state = State.WAITING;
        if (!owner.isAttached()) {
            connection().close(); // its worker leaves
            return;
        }
        FcgiConnection waiting = outer;
        if (failures == 0) {
            queue(waiting);
        } else {
            long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures - 1, 10));
            loop.schedule(() -> queue(waiting), pause, TimeUnit.MILLISECONDS);
        }
    }

    private void queue(@Nullable FcgiConnection waiting) {
        if (state != State.WAITING || outer != waiting) {
            return;
        }
        if (application.variables() == null) {
            loop.schedule(() -> queue(waiting), UNKNOWN_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            residence.parts().turns().take(loop, () -> begin(waiting));
        }
    }

    private void begin(@Nullable FcgiConnection waiting) {
        if (state != State.WAITING
                || outer != waiting
                || !connection().isOpen()
                || context.ender().isEnding(booting().handle())) {
            residence.parts().turns().give(); // the connection breaks, or it has
            return;
        }
        turn = loop.schedule(this::giveTurn, TURN_MILLIS, TimeUnit.MILLISECONDS);
        state = State.BOOTING;
        said = null;
        begunNanos = context.nanos().getAsLong();
        Residence.Doorway doorway = residence.doorway(loop);
        doorway.open(problem -> {
            if (state != State.BOOTING || outer != waiting || nonce != null) {
                return;
            }
            if (problem != null) {
                failed("the gateway cannot listen for it: " + problem.getMessage());
                await();
            } else {
                run(doorway);
            }
        });
    }

    private void run(Residence.Doorway doorway) {
        String told = doorway.expect(pid -> isExpected(pid) ? this : null);
        nonce = told;
        Residence.Parts parts = residence.parts();
        limit = loop.schedule(this::hangs, parts.bootMillis(), TimeUnit.MILLISECONDS);
        connection().exchange(BootRequest.of(parts, application, doorway.socket(), told), null, this);
    }

    private boolean isExpected(long pid) {
        return state == State.BOOTING
                && pid == booting().pid()
                && owner.isAttached()
                && !context.ender().isEnding(booting().handle());
    }

    private FcgiConnection connection() {
        return Objects.requireNonNull(outer);
    }

    private Child booting() {
        return Objects.requireNonNull(child);
    }

    /** Its end breaks the connection. */
    private void hangs() {
        if (state == State.BOOTING) {
            failed("it took longer than relais.workers.start-timeout ("
                    + residence.parts().bootMillis() + " ms)");
            state = State.LEAVING;
            context.ender().end(booting().handle());
            endLater();
        }
    }

    @Override
    public void connected(FcgiConnection opened) {
        serving = opened;
        state = State.READY;
        used = false;
        endMessage();
        bootIsOver();
        long millis = TimeUnit.NANOSECONDS.toMillis(context.nanos().getAsLong() - begunNanos);
        residence.parts().facts().booted(millis);
        home.bootOutcome(null);
        owner.booted(opened);
    }

    /**
     * A request was passed to the application, so that it had booted for good.
     *
     * @param well whether END_REQUEST has come, and so all that PHP has logged in the request
     */
    void exchangeEnded(boolean well) {
        if (well) {
            endMessage();
        }
        used = true;
        failures = 0;
    }

    private void endMessage() {
        if (outer != null) {
            outer.endMessage();
        }
    }

    @Override
    public void closed(FcgiConnection gone) {
        if (serving == gone) {
            serving = null;
            if (state == State.READY) {
                state = State.LEAVING;
                countUnused();
                endLater();
            }
            owner.servesNoMore();
            if (state == State.WAITING) {
                await(); // the script has ended before
            }
        }
    }

    /** A script that has lost its connection ends, unless it hangs. */
    private void endLater() {
        FcgiConnection leaving = outer;
        loop.schedule(
                () -> {
                    if (state == State.LEAVING && outer == leaving) {
                        if (!home.abandoned().isOf(booting().pid())) {
                            context.ender().end(booting().handle());
                        }
                        endLater();
                    }
                },
                residence.parts().bootMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void failed(String reason) {
        bootIsOver();
        failures++;
        String told = said == null ? reason : reason + ": " + said;
        residence.parts().facts().bootFailed(home.worker().id(), told);
        home.bootOutcome(told);
    }

    private void bootIsOver() {
        if (nonce != null) {
            residence.doorway(loop).forget(nonce);
            nonce = null;
        }
        if (limit != null) {
            limit.cancel(false);
            limit = null;
        }
        giveTurn();
    }

    private void giveTurn() {
        if (turn != null) {
            turn.cancel(false);
            turn = null;
            residence.parts().turns().give();
        }
    }

    /** An application that ends before it has served anything may do so again. */
    private void countUnused() {
        if (!used) {
            failures++;
        }
    }

    /** The script has ended, and the connection to the child stands. */
    @Override
    public void onEnd(int appStatus) {
        home.abandoned().ended(booting().pid());
        if (state == State.BOOTING) {
            failed("its script ended before it served");
        } else if (state == State.READY) {
            countUnused(); // unless the end of a request is read later
        }
        ended();
    }

    private void ended() {
        state = State.WAITING;
        if (serving == null) {
            await();
        } else {
            serving.peerEnded(); // what it had written is read first
        }
    }

    @Override
    public void onFailure(ExchangeFailure failure) {
        if (state == State.BOOTING
                && owner.isAttached()
                && !context.ender().isEnding(booting().handle())) {
            failed("its process ended before it served: " + failure.detail());
        }
    }

    /** The connection to the child is gone, and the child with it. The connection of the application closes, if it has not yet. */
    void detach() {
        bootIsOver();
        outer = null;
        child = null;
        state = State.ABSENT;
        if (serving != null) {
            serving.peerEnded();
        }
    }

    @Override
    public void onStderr(String message) {
        if (state == State.BOOTING && said == null && !message.isBlank()) {
            said = message.substring(0, Math.min(MOST_TOLD, message.length()));
        }
        owner.logged(child == null ? -1 : child.pid(), message);
    }

    @Override
    public void transferred(int in, int out) {
        owner.transferred(in, out);
    }

    @Override
    public void connectFailed(Throwable cause) {}

    @Override
    public void onHead(ResponseHead head) {}

    @Override
    public void onBody(ByteBuf in, int length) {}

    @Override
    public void onReadComplete() {}

    @Override
    public void onFinished() {}
}
