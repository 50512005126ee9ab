package dev.relais.service;

import dev.relais.LogText;
import dev.relais.events.Events;
import dev.relais.events.GenerationEvent;
import dev.relais.events.StopEvent;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells the service manager that has started the gateway when it is ready, when another generation takes over, that it stops, and that it
 * is alive (sd_notify(3)). Without a service manager that waits for this it does nothing. Any thread; nothing blocks.
 */
@Singleton
public final class ServiceNotices {
    private static final Logger LOG = Logger.getLogger(ServiceNotices.class);
    private static final int LONGEST_STATUS = 300;
    /** How many notices wait at most while the manager does not read; a further one pushes out the oldest. */
    private static final int MOST_WAITING = 16;

    private static final long AGAIN_MILLIS = 20;

    private final Map<String, String> environment;
    private final Events events;
    private final LongSupplier nanos;
    private final EventExecutor loop;
    private final List<Executor> threads;
    // The following fields are guarded by this:
    private final Deque<String> waiting = new ArrayDeque<>(); // not yet taken by the manager
    private @Nullable NotifySocket socket; // null: nobody waits for notices
    private long stopMicros;
    private boolean open; // the ports are
    private boolean warm;
    private boolean ready; // the manager was told so
    private boolean stopping;

    @Inject
    ServiceNotices(Vertx vertx, Events events) {
        this(System.getenv(), events, System::nanoTime, loops(vertx));
    }

    /**
     * @param environment of the process
     * @param nanos as {@link System#nanoTime}, which on Linux is CLOCK_MONOTONIC, the clock that the manager compares with
     * @param loops all event loops
     */
    ServiceNotices(Map<String, String> environment, Events events, LongSupplier nanos, List<EventExecutor> loops) {
        this.environment = environment;
        this.events = events;
        this.nanos = nanos;
        this.loop = loops.get(0);
        this.threads = new ArrayList<>(loops.subList(1, loops.size()));
    }

    private static List<EventExecutor> loops(Vertx vertx) {
        List<EventExecutor> loops = new ArrayList<>();
        vertx.nettyEventLoopGroup().forEach(loops::add);
        return loops;
    }

    /**
     * Begins, where a service manager waits for it. Once, while the gateway starts.
     *
     * @param process the number of this process
     * @param startTime how long the start may take
     * @param stopTime how long the stop may take
     * @param controlPlane runs tasks on a thread that has to be alive, too
     */
    public void start(long process, Duration startTime, Duration stopTime, Executor controlPlane) {
        try {
            synchronized (this) {
                socket = NotifySocket.open(environment);
                stopMicros = micros(stopTime);
            }
        } catch (IOException e) {
            LOG.warnf(
                    "Service manager cannot be told of the state of the gateway; with Type=exec in its unit systemd does not wait for that:"
                            + " cause=%s",
                    LogText.value(e.getMessage()));
        }
        if (socket == null) {
            return;
        }
        tell("STATUS=Starting\nEXTEND_TIMEOUT_USEC=" + micros(startTime));
        events.listen(entry -> {
            if (entry.event() instanceof GenerationEvent event) {
                onGeneration(event);
            } else if (entry.event() instanceof StopEvent.Begun) {
                stops();
            }
        });
        Long interval = Watchdog.intervalNanos(environment, process);
        if (interval == null) {
            LOG.warnf(
                    "WATCHDOG_USEC is not a number of microseconds: value=%s",
                    LogText.value(environment.get("WATCHDOG_USEC")));
        } else if (interval > 0) {
            threads.add(controlPlane);
            new Watchdog(loop, threads, interval, () -> tell("WATCHDOG=1")).start();
        }
    }

    private static long micros(Duration time) {
        return TimeUnit.NANOSECONDS.toMicros(time.toNanos());
    }

    /** All ports are open. */
    public synchronized void opened() {
        open = true;
        serves();
    }

    /** The gateway answers as fast as it will. */
    public synchronized void warm() {
        warm = true;
        serves();
    }

    private void serves() {
        if (open && warm && !ready && !stopping) {
            ready = true;
            tell("READY=1\nSTATUS=Serving");
        }
    }

    private synchronized void onGeneration(GenerationEvent event) {
        if (!ready || stopping) {
            return;
        }
        if (event instanceof GenerationEvent.Started started) {
            tell("RELOADING=1\nMONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(nanos.getAsLong()) + "\nSTATUS="
                    + status("Generation " + started.generation() + " starts: " + started.reason()));
        } else if (event instanceof GenerationEvent.Switched switched) {
            tell("READY=1\nSTATUS=Generation " + switched.generation() + " serves");
        } else if (event instanceof GenerationEvent.Refused refused) {
            tell("READY=1\nSTATUS="
                    + status("Generation " + refused.serving() + " serves on; " + refused.generation()
                            + " was given up: " + refused.reason()));
        }
    }

    private synchronized void stops() {
        if (!stopping) {
            stopping = true;
            tell("STOPPING=1\nSTATUS=Stopping\nEXTEND_TIMEOUT_USEC=" + stopMicros);
        }
    }

    private static String status(String text) {
        return LogText.escape(text, LONGEST_STATUS);
    }

    private synchronized void tell(String notice) {
        if (notice.equals(waiting.peekLast())) {
            return; // signs of life that nobody reads
        }
        if (waiting.size() == MOST_WAITING) {
            waiting.removeFirst();
        }
        waiting.addLast(notice);
        if (waiting.size() == 1) {
            send();
        }
    }

    /** Sends what waits, in its order, and the rest later when the manager does not read fast enough. */
    private synchronized void send() {
        String next;
        while (socket != null && (next = waiting.peekFirst()) != null) {
            try {
                if (!socket.send(next)) {
                    loop.schedule(this::send, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
                    return;
                }
            } catch (RejectedExecutionException e) {
                return; // the gateway has stopped
            } catch (IOException e) {
                LOG.warnf("Service manager was not told: cause=%s", LogText.value(e.getMessage()));
            }
            waiting.removeFirst();
        }
    }
}
