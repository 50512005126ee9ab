package dev.relais.slot;

import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.FcgiConnection;
import dev.relais.fastcgi.Params;
import dev.relais.fastcgi.Stdin;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The one connection of a slot, confined to its event loop: connects, proves that a child is behind it (src/docs/facts.md, fact 2), and
 * mends it whenever it breaks, for as long as a master listens. Any thread may ask {@link #isProven} and {@link #isAttached}.
 */
final class SlotConnection implements FcgiConnection.Owner {
    /** Told of the changes, on the event loop. */
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

        /** A proven connection broke; it is mended, if a master listens. */
        void broken();

        /** What has answered the proof script is no child. */
        void unproven();

        /** Bytes moved, for meters. */
        void transferred(int in, int out);
    }

    private static final Logger LOG = Logger.getLogger(SlotConnection.class);
    private static final long FIRST_RETRY_MILLIS = 4;
    private static final long LAST_RETRY_MILLIS = 500;

    private final EventLoop loop;
    private final SlotContext context;
    private final Owner owner;

    private volatile @Nullable Path socket; // null: detached
    private volatile @Nullable Path target; // where the connection leads, or the attempt; null: nowhere
    private boolean connecting; // an attempt or a retry is under way
    private @Nullable FcgiConnection connection; // null: connecting or detached
    private volatile boolean proven;
    private volatile int proofs;
    private long retryMillis = FIRST_RETRY_MILLIS;

    SlotConnection(EventLoop loop, SlotContext context, Owner owner) {
        this.loop = loop;
        this.context = context;
        this.owner = owner;
    }

    /** A master listens at this path, or soon will. A connection to another one stays until it is closed; the next one leads here. */
    void attach(Path path) {
        socket = path;
        retryMillis = FIRST_RETRY_MILLIS;
        if (connection == null && !connecting) {
            connect();
        }
    }

    /** No master listens any more: once the connection is closed, no other one is opened. */
    void detach() {
        socket = null;
    }

    /** Of the master that is connected to; null when detached. */
    @Nullable
    Path socket() {
        return socket;
    }

    /** Whether it leads to the master that was attached last, or will when it is opened. */
    boolean isAttached() {
        Path listening = socket;
        Path leads = target;
        return listening != null && (leads == null || leads.equals(listening));
    }

    /** Whether it leads to the master at this socket, or tries to. Any thread. */
    boolean isOn(Path listening) {
        return listening.equals(target);
    }

    /** Whether a child has answered on it, and it is not known to be broken. */
    boolean isProven() {
        return proven;
    }

    /** How often a child has answered. Any thread. */
    int proofs() {
        return proofs;
    }

    /** Whether it is proven and its channel is open. The channel may be closed a little before {@link Owner#broken} is told. */
    boolean isOpen() {
        return proven && current().isOpen();
    }

    /** Only while it is proven. */
    FcgiConnection current() {
        return Objects.requireNonNull(connection);
    }

    /**
     * Closes it if the process behind it has ended: a process that a script has left in the background may hold it open. Blocks shortly;
     * any thread.
     */
    void look() {
        Child looked = owner.child();
        if (proven && looked != null && !context.proc().runs(looked.handle())) {
            loop.execute(() -> {
                if (proven && looked.equals(owner.child())) {
                    current().peerEnded();
                }
            });
        }
    }

    /**
     * Starts an exchange; only while the connection is open. One with a body is the last on its connection where PHP could take what a
     * script leaves unread of the body for the next request, see {@link WorkerLauncher#keepsAfterBody}.
     */
    void exchange(ByteBuf request, @Nullable Stdin body, ExchangeListener listener) {
        if (body != null && !context.keepsAfterBody()) {
            Params.endConnection(request);
        }
        current().exchange(request, body, listener);
    }

    /** Nothing when there is none. */
    void close() {
        if (connection != null) {
            connection.close();
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
        loop.schedule(this::connect, retryMillis, TimeUnit.MILLISECONDS);
        retryMillis = Math.min(2 * retryMillis, LAST_RETRY_MILLIS);
    }

    @Override
    public void connectFailed(Throwable cause) {
        LOG.debugf("%s has no connection: cause=\"%s\"", owner, cause.getMessage());
        retry();
    }

    @Override
    public void connected(FcgiConnection opened) {
        connecting = false;
        connection = opened;
        if (!isAttached()) {
            opened.close();
            return;
        }
        Path uploads = context.uploads().next();
        Proof.run(opened, context.proofScript(), uploads, (proof, pid) -> onProof(proof, pid, uploads));
    }

    /** @param pid what the script answered, or -1 */
    private void onProof(FcgiConnection proof, long pid, @Nullable Path uploads) {
        Child former = owner.child();
        context.control().execute(() -> {
            ProcessHandle handle = pid > 0 ? ProcessHandle.of(pid).orElse(null) : null;
            Child child = handle == null
                    ? null
                    : new Child(handle, handle.info().startInstant().orElse(Instant.EPOCH));
            boolean formerEnded = former != null && !context.proc().runs(former.handle());
            if (handle != null) {
                context.uploads().use(uploads, handle);
            }
            if (former != null && formerEnded) {
                context.uploads().removeOf(former.handle());
            }
            loop.execute(() -> onProcess(proof, child, formerEnded));
        });
    }

    private void onProcess(FcgiConnection proof, @Nullable Child child, boolean formerEnded) {
        if (connection != proof || !isAttached() || !proof.isOpen()) {
            proof.close();
            return;
        }
        if (child == null) {
            owner.unproven();
            proof.close();
            return;
        }
        if (context.ender().isEnding(child.handle())) {
            proof.close(); // its script noticed that its connection is closed before the signal came
            return;
        }
        proven = true;
        proofs++; // on its event loop alone
        retryMillis = FIRST_RETRY_MILLIS;
        owner.proven(child, formerEnded);
    }

    @Override
    public void closed(FcgiConnection gone) {
        if (connection != gone) {
            return;
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
    public void transferred(int in, int out) {
        owner.transferred(in, out);
    }
}
