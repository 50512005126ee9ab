package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Attempts;
import dev.relais.testing.RawClient;
import dev.relais.testing.RedisServer;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two gateways that share their answers in a real Redis, which is slow, full, killed or gone. */
class SharedCacheIT {
    /** The least that can be set; a second of the tick and one for a machine with other work come on top. */
    private static final int PURGE_WITHIN = 3_000;

    /** Milliseconds for which a gateway may have heard nothing when a test begins. */
    private static final int IN_STEP = 2_500;

    private static final int ALLOWED = PURGE_WITHIN + 3_000;

    private static RedisServer redis;
    private static PackagedGateway one;
    private static PackagedGateway other;
    private static int resource = 1000;

    @BeforeAll
    static void start() throws IOException {
        redis = new RedisServer();
        Map<String, String> settings = Map.of(
                "relais.cache.redis.url",
                redis.url(),
                "relais.cache.redis.purge-within",
                PURGE_WITHIN + "ms",
                "relais.cache.redis.timeout",
                "1s",
                "relais.management.actions-per-minute",
                "6000");
        var functions = PackagedGateway.functions(Map.of(
                "made.php",
                AnswerLedger.SCRIPT,
                "purges.php",
                "<?php header('X-Relais-Purge: x'); echo 'done';",
                "tagged.php",
                "<?php header('Cache-Control: max-age=600'); header('Cache-Tag: x'); header('ETag: \"1\"');"
                        + " if (isset($_GET['purge'])) { header('X-Relais-Purge: x'); header('Cache-Control: no-store'); }"
                        + " echo microtime(true);"));
        one = PackagedGateway.start(functions, settings).ready();
        other = PackagedGateway.start(functions, settings).ready();
        inStep(one);
        inStep(other);
    }

    @AfterAll
    static void stop() throws Exception {
        one.close();
        other.close();
        redis.close();
    }

    private static JsonPath shared(PackagedGateway gateway) throws IOException {
        try (RawClient client = RawClient.connect(gateway.management)) {
            return JsonPath.from(client.get("/q/relais/cache").answer().text()).setRootPath("redis");
        }
    }

    private static void inStep(PackagedGateway gateway) {
        await("in step")
                .until(() -> shared(gateway).getString("state").equals("connected")
                        && shared(gateway).getLong("inSyncMillis") >= 0
                        && shared(gateway).getLong("inSyncMillis") < IN_STEP
                        && shared(gateway).getString("breaker").equals("closed"));
    }

    private static Answer ask(PackagedGateway gateway, String... lines) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port)) {
            return client.head(lines).answer();
        }
    }

    private static Answer get(PackagedGateway gateway, String target) throws IOException {
        return ask(gateway, "GET " + target + " HTTP/1.1", "Host: localhost");
    }

    private static JsonPath delete(PackagedGateway gateway, String below) throws IOException {
        try (RawClient client = RawClient.connect(gateway.management)) {
            return JsonPath.from(client.head("DELETE /q/relais/cache" + below + " HTTP/1.1", "Host: localhost")
                    .answer()
                    .text());
        }
    }

    /**
     * What one has had made and the other gives without PHP. Who asks the other before it is written makes it keep an answer of its
     * own, so that each attempt is about another resource.
     */
    private record Shared(String target, String made) {
        static Shared of(String beginning) {
            inStep(one);
            inStep(other);
            return await("shared")
                    .until(
                            () -> {
                                String target = beginning + resource++;
                                String made = get(one, target).text();
                                return get(other, target).text().equals(made) ? new Shared(target, made) : null;
                            },
                            Objects::nonNull);
        }

        /** It was made invalid through one: neither gives it any more. */
        void isGone() throws IOException {
            assertNotEquals(made, get(one, target).text());
            await("gone").until(() -> !get(other, target).text().equals(made));
        }
    }

    @Test
    void whatOneHasStoredTheOtherGivesWithoutPhp() throws Exception {
        Attempts.untilProved(SharedCacheIT::isGivenWithoutPhp);
    }

    /** @return false when Redis was not asked or did not answer in time, as on a machine that pauses */
    private static boolean isGivenWithoutPhp() throws IOException {
        inStep(one);
        long begin = System.nanoTime();
        inStep(other);
        String target = "/api/made?r=" + resource++;
        long stored = shared(one).getLong("stores.stored");
        long timedOut = sum("lookups.timeout");
        long skipped = sum("lookups.skipped");
        long failed = sum("lookups.error", "stores.dropped", "stores.error");
        Answer first = get(one, target);
        assertTrue(first.header("Cache-Status").contains("fwd=uri-miss; stored"), first.header("Cache-Status"));
        await("written")
                .until(() -> shared(one).getLong("stores.stored") > stored
                        || sum("lookups.timeout", "lookups.skipped") > timedOut + skipped
                        || sum("lookups.error", "stores.dropped", "stores.error") > failed);
        Answer second = get(other, target);
        assertEquals(failed, sum("lookups.error", "stores.dropped", "stores.error"), "a fault and no pause");
        // Redis is not asked after a time-out, nor by a gateway that has paused and may have missed a purge.
        boolean late = sum("lookups.timeout") > timedOut;
        boolean paused = System.nanoTime() - begin > TimeUnit.MILLISECONDS.toNanos(PURGE_WITHIN - IN_STEP);
        if (late || paused && sum("lookups.skipped") > skipped) {
            return false;
        }
        assertFalse(redis.keys("relais:1:a:").isEmpty());
        assertEquals(first.text(), second.text());
        assertTrue(second.header("Cache-Status").endsWith("detail=redis"), second.header("Cache-Status"));
        assertTrue(get(other, target).header("Cache-Status").startsWith("Relais; hit; ttl="));
        assertTrue(shared(other).getLong("lookups.hit") > 0);
        return true;
    }

    /** How often this has come of look-ups and stores. */
    private static long sum(String... outcomes) throws IOException {
        long sum = 0;
        for (JsonPath shared : List.of(shared(one), shared(other))) {
            for (String outcome : outcomes) {
                sum += shared.getLong(outcome);
            }
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/tagged", "/tagged/below", "?tag=x", "?soft=true", "/tagged?tag=x&soft=true"})
    void whatIsPurgedThroughOneIsGoneAtTheOther(String below) throws IOException {
        Shared shared = Shared.of("/api/tagged/below?n=");
        long begin = System.nanoTime();
        String told = delete(one, below).getString("shared");
        // The gateway waits for Redis for a second, and tells the other as soon as Redis takes it.
        boolean waited = System.nanoTime() - begin >= TimeUnit.SECONDS.toNanos(1);
        assertTrue(told.equals("told") || told.equals("pending") && waited, told);
        shared.isGone();
    }

    @Test
    void whatPhpPurgesAtOneIsGoneAtTheOther() throws IOException {
        Shared shared = Shared.of("/api/tagged?n=");
        get(one, "/api/tagged?purge");
        shared.isGone();
    }

    @Test
    void anUnsafeRequestToOneMakesItOutdatedAtTheOther() throws IOException {
        Shared shared = Shared.of("/api/made?r=");
        ask(one, "POST " + shared.target + " HTTP/1.1", "Host: localhost", "Content-Length: 0");
        shared.isGone();
    }

    private interface Outage {
        void begin() throws IOException;

        void end() throws IOException;
    }

    private static Outage outage(String name) {
        return switch (name) {
            case "CLIENT PAUSE" -> of(() -> redis.command("CLIENT", "PAUSE", "4000", "ALL"), () -> "");
            case "SIGSTOP" ->
                of(
                        () -> {
                            redis.halt();
                            return "";
                        },
                        () -> {
                            redis.goOn();
                            return "";
                        });
            case "kill -9" ->
                of(
                        () -> {
                            redis.kill();
                            return "";
                        },
                        () -> {
                            redis.start();
                            return "";
                        });
            case "full" ->
                of(
                        () -> redis.command("CONFIG", "SET", "maxmemory", "1mb"),
                        () -> redis.command("CONFIG", "SET", "maxmemory", "0"));
            default ->
                of(
                        () -> redis.command("CLIENT", "KILL", "TYPE", "normal")
                                + redis.command("CLIENT", "KILL", "TYPE", "pubsub"),
                        () -> "");
        };
    }

    private interface Step {
        String run() throws IOException;
    }

    private static Outage of(Step begin, Step end) {
        return new Outage() {
            @Override
            public void begin() throws IOException {
                begin.run();
            }

            @Override
            public void end() throws IOException {
                end.run();
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"CLIENT PAUSE", "SIGSTOP", "kill -9", "full", "cut"})
    void anOutageOfRedisFailsNoRequestAndBringsBackNothingThatWasPurged(String name) throws Exception {
        Outage outage = outage(name);
        List<String> faults;
        try (AnswerLedger ledger = new AnswerLedger()) {
            for (int i = 0; i < 2; i++) {
                ledger.client(one.port, i);
                ledger.client(other.port, 10 + i);
            }
            await("load").until(() -> ledger.size() > 500);
            outage.begin();
            ledger.purge(one.management);
            during(ledger, 1_000);
            ledger.purge(other.management);
            during(ledger, ALLOWED + 2_000); // so that what the other has not heard of would show
            outage.end();
            inStep(one);
            inStep(other);
            ledger.purge(one.management);
            long hits = ledger.with("detail=redis");
            await("shared again").until(() -> ledger.with("detail=redis") > hits);
            ledger.close();
            faults = ledger.faults(ALLOWED);
        }
        assertEquals(List.of(), faults);
        assertTrue(one.isAlive() && other.isAlive());
    }

    /** As long as it lasts the clients go on; what is waited for is a time that the product promises. */
    private static void during(AnswerLedger ledger, long millis) {
        long end = System.currentTimeMillis() + millis;
        await("so long").until(() -> System.currentTimeMillis() >= end && ledger.size() > 0);
    }

    @Test
    void withoutAUrlThereIsNothingOfRedis() throws Exception {
        try (PackagedGateway alone = PackagedGateway.start(
                        PackagedGateway.functions(Map.of("hello.php", "<?php echo 1;")), Map.of())
                .ready()) {
            try (RawClient client = RawClient.connect(alone.management)) {
                assertTrue(!client.get("/q/relais/cache").answer().text().contains("redis"));
            }
            try (RawClient client = RawClient.connect(alone.management)) {
                assertTrue(!client.get("/q/metrics").answer().text().contains("redis"));
            }
            try (RawClient client = RawClient.connect(alone.management)) {
                assertTrue(
                        !client.get("/q/health").answer().text().toLowerCase().contains("redis"));
            }
        }
    }

    @Test
    void theMetersAreThereThatThePageNames() throws IOException {
        String page = java.nio.file.Files.readString(java.nio.file.Path.of("src/docs/cache.md"));
        try (RawClient client = RawClient.connect(one.management)) {
            String scrape = client.get("/q/metrics").answer().text();
            java.util.regex.Matcher name = java.util.regex.Pattern.compile("`(relais_cache_redis_\\w+)`")
                    .matcher(page);
            int count = 0;
            while (name.find()) {
                count++;
                assertTrue(scrape.contains(name.group(1)), name.group(1));
            }
            assertEquals(8, count);
        }
    }
}
