package dev.relais.slot;

import dev.relais.fastcgi.FcgiConnection;
import dev.relais.fastcgi.FcgiListener;
import dev.relais.fastcgi.FinishMark;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the children of a group need that keep their application in memory: the script that boots it, and the sockets on which they connect to
 * the gateway once it is booted. Made once for each group. Any thread, but for its {@link Doorway}s.
 */
public final class Residence {
    /**
     * The unchanging parts.
     *
     * @param script of Relais' own, which boots an application
     * @param directory private, for the sockets; PHP may reach its files
     * @param bootMillis how long a boot may take
     * @param headLimit the most bytes of a response head
     * @param turns lets few boot at a time
     * @param facts is told of boots
     */
    public record Parts(
            Path script,
            Path directory,
            long bootMillis,
            int headLimit,
            FinishMark mark,
            BootTurns turns,
            ResidentFacts facts) {}

    /** An application that children keep in memory. Any thread. */
    static final class Application {
        private volatile @Nullable Map<String, String> variables;

        /** What the boot script is told of it; null while it is not known, when no child boots. */
        @Nullable
        Map<String, String> variables() {
            return variables;
        }
    }

    private final Parts parts;
    private final AtomicInteger sockets = new AtomicInteger();
    private final Map<EventLoop, Doorway> doorways = new ConcurrentHashMap<>();
    private Application application = new Application(); // guarded by this

    public Residence(Parts parts) {
        this.parts = parts;
    }

    Parts parts() {
        return parts;
    }

    /**
     * What workers run that are made from now on, or, the first time, since the start.
     *
     * @param variables what the boot script is told of it
     */
    public synchronized void application(Map<String, String> variables) {
        if (application.variables != null) {
            application = new Application();
        }
        application.variables = Map.copyOf(variables);
    }

    /** What a worker runs that is made now. */
    synchronized Application application() {
        return application;
    }

    Doorway doorway(EventLoop loop) {
        return doorways.computeIfAbsent(loop, Doorway::new);
    }

    /** Takes no more connections. */
    public void close() {
        doorways.forEach((loop, doorway) -> loop.execute(doorway::close));
    }

    /** Where the children of the slots of one event loop connect to. Confined to that loop. */
    final class Doorway implements FcgiListener.Door {
        /** A child that was told a nonce. */
        interface Expected {
            /** @return who owns the connection; null when the process is another one than the child */
            FcgiConnection.@Nullable Owner admit(long pid);
        }

        private final EventLoop loop;
        private final Map<String, Expected> expected = new HashMap<>();
        private final List<Consumer<@Nullable Throwable>> waiting = new ArrayList<>();
        private @Nullable FcgiListener listener; // null until it is bound, and when it is to be bound anew
        private @Nullable Path socket; // of the listener, or of the one that is being bound; null as above
        private boolean bound;

        private Doorway(EventLoop loop) {
            this.loop = loop;
        }

        /**
         * Makes sure that children can connect. A socket that something has removed is made anew.
         *
         * @param then called with why they cannot; null when they can
         */
        void open(Consumer<@Nullable Throwable> then) {
            if (bound && Files.exists(Objects.requireNonNull(socket))) {
                then.accept(null);
                return;
            }
            waiting.add(then);
            if (socket == null || bound) {
                bind();
            }
        }

        private void bind() {
            close();
            Path fresh = parts.directory().resolve("boot-" + sockets.incrementAndGet() + ".sock");
            socket = fresh;
            listener = FcgiListener.listen(
                    loop, fresh, parts.headLimit(), parts.mark(), this, failure -> bound(fresh, failure));
        }

        private void bound(Path fresh, @Nullable Throwable failure) {
            Throwable problem = failure;
            try {
                if (failure == null) {
                    // The directory lets in nobody but the user of the children.
                    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-rw-rw-"));
                }
            } catch (IOException e) {
                problem = e;
            }
            bound = problem == null;
            if (!bound) {
                close();
            }
            List<Consumer<@Nullable Throwable>> told = List.copyOf(waiting);
            waiting.clear();
            for (Consumer<@Nullable Throwable> one : told) {
                one.accept(problem);
            }
        }

        private void close() {
            FcgiListener former = listener;
            listener = null;
            socket = null;
            bound = false;
            if (former != null) {
                former.close();
            }
        }

        /** The path that children connect to; only while it is open. */
        Path socket() {
            return Objects.requireNonNull(socket);
        }

        /** @return what the child has to say, and nobody else knows; good for one connection */
        String expect(Expected child) {
            String nonce = UUID.randomUUID().toString().replace("-", "");
            expected.put(nonce, child);
            return nonce;
        }

        void forget(String nonce) {
            expected.remove(nonce);
        }

        @Override
        public FcgiConnection.@Nullable Owner admit(String nonce, long pid, long peer) {
            Expected child = peer < 0 || peer == pid ? expected.get(nonce) : null;
            FcgiConnection.Owner owner = child == null ? null : child.admit(pid);
            if (owner != null) {
                expected.remove(nonce);
            }
            return owner;
        }
    }
}
