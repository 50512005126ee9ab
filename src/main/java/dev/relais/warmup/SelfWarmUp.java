package dev.relais.warmup;

import dev.relais.LogText;
import dev.relais.Phase;
import dev.relais.gateway.ApiRoute;
import dev.relais.http.HttpConnections;
import dev.relais.slot.StandInWorker;
import dev.relais.slot.Worker;
import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.LaunchMode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Has the JVM compile the way of a request before clients need it: some clients of this process ask a {@link SeparateGateway} over real
 * sockets, {@link StandInPhp} answers for PHP, and all that is in between is what serves clients, from the HTTP decoder to the FastCGI
 * connection and back. It has an HTTP server of its own, on the loopback and only for that time, so it does the same whatever ports,
 * hosts and protocols the gateway has; no script runs, and no request of it can reach one. Until it is over the gateway is not ready; it
 * is over when its time is, whatever has become of its requests and its thread.
 */
@Singleton
public class SelfWarmUp {
    private static final Logger LOG = Logger.getLogger(SelfWarmUp.class);

    /** More than the children, so that some requests wait for a child, as they do under load. */
    private static final int CLIENTS = 12;

    private static final int CHILDREN = 8;
    /** Of so many requests one has a body. */
    private static final int BODY_EACH = 8;
    /** Of so many requests one is the last one of its connection. */
    private static final int CLOSE_EACH = 4;

    private static final long STEP_SECONDS = 5;
    /** What a round that is under way at the end may still take, so that its requests need not be broken off. */
    private static final long ROUND_MILLIS = 500;

    private static final String PAGE = "warm as can be\n";
    private static final String HEAD = " /api/" + SeparateGateway.FUNCTION + "?name=Ada HTTP/1.1\r\n"
            + "Host: localhost:8080\r\nUser-Agent: relais-warm-up\r\nAccept: */*\r\n";
    private static final byte[] GET = ("GET" + HEAD + "\r\n").getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LAST = ("GET" + HEAD + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    private static final byte[] POST = ("POST" + HEAD
                    + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1024\r\n\r\n"
                    + "a".repeat(1024))
            .getBytes(StandardCharsets.US_ASCII);

    private final StartConfig config;
    private final SeparateGateway separate;
    private final Vertx vertx;
    private final Phase phase;
    private final LongSupplier nanos;
    private final Attempt attempt;

    @Inject
    SelfWarmUp(StartConfig config, SeparateGateway separate, Vertx vertx, Phase phase) {
        this(config, separate, vertx, phase, System::nanoTime);
    }

    /** @param nanos as {@link System#nanoTime} */
    SelfWarmUp(StartConfig config, SeparateGateway separate, Vertx vertx, Phase phase, LongSupplier nanos) {
        this.config = config;
        this.separate = separate;
        this.vertx = vertx;
        this.phase = phase;
        this.nanos = nanos;
        this.attempt = new Attempt(phase::warmedUp);
    }

    /** Whether there is to be one: nothing is compiled later in a native executable, and who develops wants a short start. */
    public boolean isWanted() {
        StartConfig.check(config);
        return !config.warmUp().isZero()
                && LaunchMode.current() == LaunchMode.NORMAL
                && ImageMode.current() == ImageMode.JVM;
    }

    /**
     * Begins, on a thread of its own. Once.
     *
     * @param directory where a socket may be made
     * @param done run at the end, on that thread
     */
    public void begin(Path directory, Runnable done) {
        Thread thread = new Thread(() -> run(directory, done), "relais-warm-up");
        thread.setDaemon(true);
        try {
            long millis = Math.max(1, config.warmUp().toMillis());
            vertx.setTimer(millis, id -> attempt.end());
            vertx.setTimer(millis + ROUND_MILLIS, id -> attempt.interrupt());
            thread.start();
        } catch (RuntimeException | OutOfMemoryError e) { // the gateway stops already, or there is no room for a thread
            attempt.end();
            logFailure(e);
            done.run();
        }
    }

    /** Ends it soon. Any thread. */
    public void stop() {
        attempt.interrupt();
    }

    private void run(Path directory, Runnable done) {
        try {
            if (!attempt.run(() -> tell(directory))) {
                logFailure(late("its thread has come after"));
            }
        } finally {
            done.run();
        }
    }

    private void tell(Path directory) {
        long began = nanos.getAsLong();
        try {
            int requests = warm(directory);
            LOG.infof(
                    "Gateway has warmed up: requests=%d millis=%d",
                    requests, TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - began));
        } catch (InterruptedException | ClosedByInterruptException e) { // its time was over before its first answers
            logFailure(late("nothing was answered in"));
        } catch (IOException | ExecutionException | TimeoutException | RuntimeException | Error e) {
            logFailure(e);
        }
    }

    private TimeoutException late(String what) {
        return new TimeoutException(
                what + " relais.start.warm-up=" + config.warmUp().toMillis() + "ms");
    }

    private void logFailure(Throwable cause) {
        if (!phase.isDraining()) {
            LOG.infof("Gateway has not warmed up, so its first requests take longer: cause=%s", LogText.value(cause));
        }
    }

    /** @return how many requests were answered */
    private int warm(Path directory) throws IOException, ExecutionException, TimeoutException, InterruptedException {
        SeparateGateway.Made made = separate.make();
        CountDownLatch serving = new CountDownLatch(1);
        Worker worker = StandInWorker.of(
                CHILDREN,
                made.gateway().loops(),
                task -> vertx.executeBlocking(() -> run(task), false),
                (int) made.gateway().config().maxResponseHead().asLongValue(),
                made.pools().common().dispatch(),
                serving::countDown);
        Path socket = directory.resolve("warm-up.sock");
        HttpServer server = vertx.createHttpServer().requestHandler(ApiRoute.serving(made.gateway(), vertx));
        try (StandInPhp php = new StandInPhp(socket, StandInWorker.pid(), PAGE)) {
            worker.attach(socket);
            InetAddress loopback = InetAddress.getLoopbackAddress();
            server.listen(0, loopback.getHostAddress())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(STEP_SECONDS, TimeUnit.SECONDS);
            if (!serving.await(STEP_SECONDS, TimeUnit.SECONDS)) {
                throw new TimeoutException("the stand-in for PHP has not answered");
            }
            made.balancer().rankEqual(List.of(worker), nanos.getAsLong());
            InetSocketAddress address = new InetSocketAddress(loopback, server.actualPort());
            made.connections().startApart(address);
            try (LoopbackClients clients = new LoopbackClients(address, CLIENTS, PAGE)) {
                return ask(clients);
            } finally {
                settle(address);
            }
        } finally {
            worker.detach(false);
            server.close();
            HttpConnections.endApart();
        }
    }

    private static void settle(InetSocketAddress server) {
        try {
            LoopbackClients.settle(server, LAST, (int) TimeUnit.SECONDS.toMillis(STEP_SECONDS));
        } catch (IOException e) {
            LOG.debugf("Server of the warm-up closes as it is: cause=%s", LogText.value(e));
        }
    }

    private static boolean run(Runnable task) {
        task.run();
        return true;
    }

    private int ask(LoopbackClients clients) throws IOException {
        int rounds = 0;
        try {
            while (!attempt.isOver() && !phase.isDraining()) {
                if (rounds % CLOSE_EACH == 0) {
                    clients.askLast(LAST);
                } else {
                    clients.ask(rounds % BODY_EACH == BODY_EACH - 1 ? POST : GET);
                }
                rounds++;
            }
        } catch (ClosedByInterruptException e) { // the time is over in the middle of a round
            if (rounds == 0) {
                throw e;
            }
        }
        return rounds * CLIENTS;
    }
}
