package dev.relais.slot;

import dev.relais.LogText;
import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.FcgiConnection;
import dev.relais.fastcgi.Params;
import dev.relais.fastcgi.Stdin;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The one connection of a slot. It connects, proves that a child is behind the connection (src/docs/facts.md, fact 2), and
 * connects again whenever the connection breaks, for as long as a master listens. Confined to its event loop, but any thread
 * may call {@link #isProven} and {@link #isAttached}.
 */
final class SlotConnection implements FcgiConnection.Owner, ResidentLink.Owner {
    /** Called on the event loop when the connection changes. */
    interface Owner {
        /** The process that was last proven; null before. */
        @Nullable
        Child child();

        /**
         * A child has answered: it is ready for an exchange.
         *
         * @param formerEnded whether the process that was proven before this one has ended
         */
        void proven(Child child, boolean formerEnded);

        /** A proven connection broke. Another one is opened if a master listens. */
        void broken();

        /** The answer to the proof script was no process id. */
        void unproven();

        /** Bytes were read and written; for meters. */
        void transferred(int in, int out);

        /** PHP has logged this outside of the connection of the running exchange. */
        void logged(long pid, String message);
    }

    /** A child that has answered; {@code formerEnded} tells whether the process that was proven before this one has ended. */
    private record Answered(Child child, RunHistory runs, boolean formerEnded) {}

    private static final Logger LOG = Logger.getLogger(SlotConnection.class);

    private final EventLoop loop;
    private final SlotContext context;
    private final Owner owner;

    private volatile @Nullable Path socket; // null when detached
    private volatile @Nullable Path target; // the socket of the connection or of the attempt; null for none
    private boolean connecting; // whether an attempt or a retry is running
    private @Nullable FcgiConnection line; // to the child; null while connecting or detached
    private @Nullable FcgiConnection
            connection; // that carries exchanges: the line, or that of a resident application; null for none
    private final @Nullable ResidentLink resident; // null when the line carries exchanges
    private volatile @Nullable Answered answered; // whose application boots; null for none
    private volatile boolean proven;
    private volatile boolean booting;
    private volatile int proofs;
    private ErrorPipes.Offer offer = ErrorPipes.Offer.NONE; // to the child whose proof is awaited
    private RunHistory history = RunHistory.NONE; // of the child that is proven
    private final ConnectPauses pauses;

    SlotConnection(EventLoop loop, SlotContext context, SlotHome home, Owner owner) {
        this.loop = loop;
        this.context = context;
        this.owner = owner;
        Residence residence = context.residence();
        this.pauses = new ConnectPauses(loop, this::connect);
        this.resident = residence == null ? null : new ResidentLink(loop, context, residence, home, this);
    }

    /**
     * A master listens at this path, or soon will. A connection to another master stays until it is closed; the next one goes
     * here.
     */
    void attach(Path path) {
        socket = path;
        pauses.reset();
        if (line == null && connection == null && !connecting) {
            connect();
        }
    }

    /** The master at this path listens from now on. Any thread. */
    void listens(Path path) {
        loop.execute(() -> {
            if (path.equals(socket)) {
                pauses.cut();
            }
        });
    }

    /** No master listens any more. Once the connection is closed, no other one is opened. */
    void detach() {
        socket = null;
    }

    /** The socket of the attached master; null when detached. */
    @Nullable
    Path socket() {
        return socket;
    }

    /** Whether the connection goes to the master that was attached last, or will when it is opened. */
    @Override
    public boolean isAttached() {
        Path listening = socket;
        Path leads = target;
        return listening != null && (leads == null || leads.equals(listening));
    }

    /** Whether the connection or the attempt goes to the master at this socket. Any thread. */
    boolean isOn(Path listening) {
        return listening.equals(target);
    }

    /** Whether a child has answered on the connection, and it is not known to be broken. */
    boolean isProven() {
        return proven;
    }

    /** Whether a child is there that keeps its application in memory, or boots it, or waits for its turn. Any thread. */
    boolean isBooting() {
        return booting;
    }

    /** Whether this process serves, or keeps its application in memory or will. Any thread. */
    boolean isOf(long pid) {
        Answered known = answered;
        return (proven || booting) && known != null && known.child().pid() == pid;
    }

    /** How often a child has answered. Any thread. */
    int proofs() {
        return proofs;
    }

    /** Whether it is proven and its channel is open. The channel may be closed a little before {@link Owner#broken} is told. */
    boolean isOpen() {
        return proven && current().isOpen();
    }

    /** The connection; only while it is proven. */
    FcgiConnection current() {
        return Objects.requireNonNull(connection);
    }

    /**
     * Closes the connection if the process behind it has ended, because a process that a script has left in the background may
     * hold it open. Blocks for a short time; any thread.
     */
    void look() {
        Answered behind = answered;
        if (behind != null
                && (proven || booting)
                && !context.proc().runs(behind.child().handle())) {
            loop.execute(() -> {
                Answered now = answered;
                if (now != null && now.child().equals(behind.child())) {
                    if (connection != null) {
                        connection.peerEnded();
                    }
                    if (line != null) {
                        line.peerEnded();
                    }
                }
            });
        }
    }

    /**
     * Starts an exchange; only while the connection is open. One with a body is the last on its connection where PHP could take what a
     * script leaves unread of the body for the next request, see {@link WorkerLauncher#keepsAfterBody}.
     */
    void exchange(ByteBuf request, @Nullable Stdin body, String function, ExchangeListener listener) {
        if (body != null && resident == null && !context.keepsAfterBody()) {
            Params.endConnection(request);
        }
        history.begin(function);
        current().exchange(request, body, listener);
    }

    /** The exchange is over, by END_REQUEST or not. */
    void exchangeEnded(boolean well) {
        history.end();
        if (resident != null) {
            resident.exchangeEnded(well);
        }
    }

    /** Closes the connection, if there is one. The script of a resident application then ends, and its child boots it again. */
    void close() {
        FcgiConnection open = connection == null ? line : connection;
        if (open != null) {
            open.close();
        }
    }

    private void connect() {
        Path listening = socket;
        target = listening;
        connecting = listening != null;
        if (listening != null) {
            FcgiConnection.connect(loop, listening, context.headLimit(), context.mark(), this);
        }
    }

    private void retry() {
        connecting = true;
        pauses.begin();
    }

    @Override
    public void connectFailed(Throwable cause) {
        LOG.debugf(
                "Child has no connection: slot=%s cause=%s", LogText.value(owner), LogText.value(cause.getMessage()));
        retry();
    }

    @Override
    public void connected(FcgiConnection opened) {
        connecting = false;
        line = opened;
        if (resident == null) {
            connection = opened;
        }
        if (!isAttached()) {
            opened.close();
            return;
        }
        Path uploads = context.uploads().next();
        ErrorPipes.Offer errors = context.errors().offer(target);
        offer = errors;
        Proof.run(
                opened,
                context.proofScript(),
                uploads,
                errors.told(),
                (proof, pid, pipe) -> onProof(proof, pid, uploads, errors, pipe));
    }

    /**
     * @param pid what the script answered, or -1
     * @param pipe the number of the pipe that it answered, or -1
     */
    private void onProof(FcgiConnection proof, long pid, @Nullable Path uploads, ErrorPipes.Offer errors, int pipe) {
        Child former = owner.child();
        RunHistory runs = errors.answered(pid, pipe);
        offer = ErrorPipes.Offer.NONE;
        context.control().execute(() -> {
            Child child = Child.of(pid);
            boolean formerEnded = former != null && !context.proc().runs(former.handle());
            if (child != null) {
                context.uploads().use(uploads, child.handle());
            }
            if (former != null && formerEnded) {
                context.uploads().removeOf(former.handle());
            }
            loop.execute(() -> onProcess(proof, child, runs, formerEnded));
        });
    }

    private void onProcess(FcgiConnection proof, @Nullable Child child, RunHistory runs, boolean formerEnded) {
        if (line != proof || !isAttached() || !proof.isOpen()) {
            proof.close();
            return;
        }
        if (child == null) {
            owner.unproven();
            proof.close();
            return;
        }
        if (context.ender().isEnding(child.handle())) {
            proof.close(); // its script noticed the closed connection before the signal came
            return;
        }
        answered = new Answered(child, runs, formerEnded);
        if (resident == null) {
            serves();
        } else {
            booting = true;
            resident.attach(proof, child);
        }
    }

    private void serves() {
        Answered behind = Objects.requireNonNull(answered);
        history = behind.runs();
        proven = true;
        proofs++; // changed only on its event loop
        pauses.reset();
        owner.proven(behind.child(), behind.formerEnded());
    }

    @Override
    public void booted(FcgiConnection serving) {
        connection = serving;
        serves();
        answered = new Answered(Objects.requireNonNull(answered).child(), RunHistory.NONE, false);
    }

    @Override
    public void servesNoMore() {
        connection = null;
        if (proven) {
            proven = false;
            owner.broken();
        }
        if (line == null) {
            connect();
        } else if (!isAttached()) {
            line.close();
        }
    }

    @Override
    public void closed(FcgiConnection gone) {
        if (line != gone) {
            return;
        }
        line = null;
        offer.withdraw();
        offer = ErrorPipes.Offer.NONE;
        booting = false;
        if (resident != null) {
            resident.detach();
            if (connection != null) {
                return; // its end is told soon
            }
        }
        connection = null;
        if (proven) {
            proven = false;
            owner.broken();
            connect();
        } else {
            target = null;
            retry();
        }
    }

    @Override
    public void logged(long pid, String message) {
        owner.logged(pid, message);
    }

    @Override
    public void transferred(int in, int out) {
        owner.transferred(in, out);
    }
}
