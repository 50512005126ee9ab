package dev.relais.running;

import static org.awaitility.Awaitility.await;

import dev.relais.balancer.Balancer;
import dev.relais.balancer.WorkerState;
import dev.relais.gateway.Gateway;
import dev.relais.slot.Worker;
import dev.relais.testing.Answer;
import dev.relais.testing.Attempts;
import dev.relais.testing.Client;
import dev.relais.testing.Pace;
import dev.relais.testing.Protocol;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import dev.relais.testing.Sight;
import dev.relais.worker.WorkerGroup;
import dev.relais.worker.WorkerGroups;
import io.quarkus.test.common.http.TestHTTPResource;
import io.restassured.path.json.JsonPath;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The base of the tests of the running gateway: its ports, and the check that every child is free after each test. */
abstract class RunningGateway {
    /** How long a client may pause in its body, by {@link RunningProfile}. */
    static final Duration BODY_TIMEOUT = Duration.ofSeconds(2);

    /** How long one may that has its whole answer. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    /** The time limit of {@code /api/limited}. */
    private static final Duration LIMIT = Duration.ofMillis(500);

    @TestHTTPResource("/")
    URI http;

    @TestHTTPResource(value = "/", tls = true)
    URI https;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Inject
    Gateway gateway;

    @Inject
    WorkerGroup group;

    @Inject
    WorkerGroups groups;

    @Inject
    Balancer balancer;

    /** The gateway takes requests when its first worker serves; the masters of the others may not be there yet. */
    @BeforeEach
    void awaitMasters() {
        await("masters").until(() -> group.workers().stream().allMatch(worker -> group.masterPid(worker) > 0));
    }

    @BeforeEach
    void showChildren() {
        Sight.show("workers", () -> balancer.ranked() + "\n" + Sight.lastLines(children()));
    }

    private List<String> children() {
        return group.workers().stream()
                .flatMap(worker -> IntStream.range(0, worker.size())
                        .mapToObj(slot -> worker + " " + worker.slot(slot) + " "
                                + worker.slot(slot).childState()))
                .toList();
    }

    RawClient connect() throws IOException {
        return RawClient.connect(http.getPort());
    }

    Client connect(Protocol protocol) throws IOException {
        return connect(protocol, 0);
    }

    /** @param receiveBuffer the size of the client's receive buffer in bytes; 0 for the kernel's choice */
    Client connect(Protocol protocol, int receiveBuffer) throws IOException {
        return protocol.connect(http.getPort(), https.getPort(), receiveBuffer);
    }

    Answer get(String target) throws IOException {
        return ask("GET " + target + " HTTP/1.1", "Host: localhost");
    }

    /** Sends one head and reads the whole answer. */
    Answer ask(String... lines) throws IOException {
        try (RawClient client = connect()) {
            return client.head(lines).answer();
        }
    }

    JsonPath json(String... lines) throws IOException {
        return JsonPath.from(ask(lines).text());
    }

    Answer manage(String path) throws IOException {
        try (RawClient client = RawClient.connect(management.getPort())) {
            return client.get(path).answer();
        }
    }

    /** The status of a moment after this call, since an immediate answer of {@code /q/relais} may be up to a second old. */
    JsonPath status() {
        Instant asked = Instant.now();
        return JsonPath.from(await("a new snapshot")
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> manage("/q/relais").text(),
                        // JsonPath compiles a script for each value, which takes a thousand times as long.
                        status -> {
                            Instant sampled = new JsonObject(status)
                                    .getInstant("sampledAt"); // null in a page that tells of a problem
                            return sampled != null && !sampled.isBefore(asked);
                        }));
    }

    /** The sum of a meter over its labels. */
    double meter(String name) throws IOException {
        return manage("/q/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    int busy() {
        return groups.workers().stream().mapToInt(Worker::busy).sum();
    }

    private boolean isNormal() {
        return balancer.ranked().stream().allMatch(ranked -> ranked.state() == WorkerState.NORMAL);
    }

    boolean isWhole() {
        return busy() == 0 && groups.workers().stream().allMatch(worker -> worker.proven() == worker.size());
    }

    /**
     * Waits until other children have replaced these, which were killed. Before that is known the pool may still be whole, and a request
     * that is written to a child in the instant of its death fails.
     */
    final void awaitReplaced(Collection<Long> killed) {
        await("killed children are replaced").pollInterval(Duration.ofMillis(5)).until(() -> groups.workers().stream()
                .allMatch(worker ->
                        worker.proven() == worker.size() && killed.stream().noneMatch(worker::isKnown)));
    }

    /** What is tried with a function that has a short time limit. */
    interface Attempt {
        /**
         * Makes it.
         *
         * @param side of this attempt alone
         * @return whether it has proved something
         */
        boolean with(Side side) throws Exception;
    }

    /**
     * Makes an attempt until it has proved something. A time limit counts from the begin of the exchange, and on a busy machine it may pass
     * before the child gets a processor: then the answer is a 504 of a script that has not begun, or has not come as far as the test wants.
     */
    final void untilProved(Attempt attempt) throws Exception {
        Attempts.untilProved(() -> {
            try (Side side = new Side()) {
                boolean proved = attempt.with(side);
                if (!proved) {
                    await("its child is replaced").until(this::isWhole);
                }
                return proved;
            }
        });
    }

    /** What is tried with a function that streams its body, by a client that must not pause. */
    interface PacedAttempt {
        /**
         * Makes it.
         *
         * @param side of this attempt alone
         * @return whether it has proved something
         */
        boolean with(Side side, Pace pace) throws Exception;
    }

    /**
     * Makes an attempt until it has proved something. A streamed body is given to its script at once, and on a busy machine the script may get
     * a processor so late that the body has timed out.
     *
     * @param most how long the client may pause
     */
    final void untilProved(Duration most, PacedAttempt attempt) throws Exception {
        Attempts.untilProved(most, pace -> {
            try (Side side = new Side()) {
                boolean proved = attempt.with(side, pace);
                if (!proved) {
                    await("its child is replaced").until(this::isWhole);
                }
                return proved;
            }
        });
    }

    /** Sends one byte of a body that the gateway may have given up. */
    static void sendIfTaken(Client client) {
        try {
            client.send(new byte[1]);
        } catch (IOException e) {
            // Its connection is closed already.
        }
    }

    /** Whether the script has left its first mark. */
    static boolean hasBegun(Side side) throws IOException {
        return side.hasWhole("running-");
    }

    /**
     * Whether {@code /api/limited} was ended before it gave anything because it got no processor in time. The mark counts that it leaves behind
     * what it gives: it may still give something in the moment in which it is ended, but not half of its time before.
     */
    static boolean hadNoTime(int status, Side side) throws IOException {
        return status == 504 && !side.hadWithin("given-", LIMIT.dividedBy(2));
    }

    /** Waits until every child of every worker exists and is free, and no worker is held back for what the test did to it. */
    @AfterEach
    void poolBecomesWhole() {
        await("every child free again").pollInterval(Duration.ofMillis(5)).until(this::isWhole);
        await("every worker normal")
                .pollInterval(Duration.ofMillis(1))
                .until(() -> isNormal() || get("/api/hello") == null);
        await("every child free again").pollInterval(Duration.ofMillis(5)).until(this::isWhole);
    }
}
