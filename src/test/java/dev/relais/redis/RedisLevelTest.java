package dev.relais.redis;

import static dev.relais.redis.Levels.entry;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.cache.PurgeScope;
import dev.relais.cache.SharedCounts.LookUp;
import dev.relais.cache.SharedCounts.Store;
import dev.relais.cache.SharedLevel.Read;
import dev.relais.redis.Levels.Got;
import dev.relais.redis.Levels.Heard;
import dev.relais.testing.Certificate;
import dev.relais.testing.FreePorts;
import dev.relais.testing.RedisServer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What gateways share, against the real redis-server: two levels are two gateways. */
class RedisLevelTest {
    private static final PurgeScope SHOP = new PurgeScope("shop", null, null, false, 1);

    private RedisServer redis;
    private Levels levels;
    private final Heard heardByOne = new Heard();
    private final Heard heardByOther = new Heard();
    private RedisLevel one;
    private RedisLevel other;

    @BeforeEach
    void start() throws Exception {
        redis = new RedisServer();
        levels = new Levels();
        one = levels.inStep(heardByOne, "url", redis.url());
        other = levels.inStep(heardByOther, "url", redis.url());
    }

    @AfterEach
    void stop() throws Exception {
        levels.close();
        redis.close();
    }

    private void write(RedisLevel level, String resource, String key, String text, String token, boolean isNew) {
        long before = level.counts().of(Store.STORED);
        level.write(entry(resource, key, text, token, isNew));
        await("written").until(() -> level.counts().of(Store.STORED) == before + 1);
    }

    private void writeAnew(RedisLevel level, String resource, String key, String text) {
        write(level, resource, key, text, level.newToken(), true);
    }

    @Test
    void whatOneWritesTheOtherReads() throws Exception {
        assertEquals(new Got(Read.DONE, "", ""), levels.read(other, "r", "a"));
        writeAnew(one, "r", "a", "answer");
        Got got = levels.read(other, "r", "a");
        assertEquals("answer", got.entry());
        write(other, "r", "b", "variant", got.token(), false);
        assertEquals("variant", levels.read(one, "r", "b").entry());
        assertEquals("answer", levels.read(one, "r", "a").entry());
        for (String key : redis.keys("relais:1:r:")) {
            assertNotEquals("-1", redis.command("TTL", key), "nothing stays for ever");
        }
    }

    @Test
    void whoHasNotLookedUpTakesTheTokenThatIsThere() throws Exception {
        writeAnew(one, "r", "a", "answer");
        write(other, "r", "b", "variant", null, false);
        assertEquals("answer", levels.read(one, "r", "a").entry());
        assertEquals("variant", levels.read(one, "r", "b").entry());
        write(other, "new", "c", "first", null, false);
        assertEquals("first", levels.read(one, "new", "c").entry());
    }

    /** PHP was asked for it before the unsafe request, and its answer comes afterwards. */
    @Test
    void anAnswerThatComesAfterItsResourceWasOutdatedIsNotRead() throws Exception {
        writeAnew(one, "r", "a", "before");
        String token = levels.read(one, "r", "a").token();
        other.outdate("r", "shop", "/cart");
        await("told").until(() -> heardByOne.outdated.contains("shop /cart"));
        assertEquals("", levels.read(one, "r", "a").token());
        write(one, "r", "a", "too late", token, false);
        assertEquals(new Got(Read.DONE, "", ""), levels.read(other, "r", "a"));
        assertTrue(heardByOther.outdated.isEmpty(), "it knows of it already");
    }

    @Test
    void aPurgeIsToldToAllOthersOnce() throws Exception {
        one.purge(SHOP);
        one.purgesTold().toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertEquals(List.of(SHOP), heardByOne.told);
        await("told").until(() -> heardByOther.purged.equals(List.of(SHOP)));
        assertEquals(List.of(SHOP), heardByOther.recorded);
        assertTrue(heardByOne.purged.isEmpty(), "it has done it already");
    }

    @Test
    void aPurgeWhoseMessageWasLostIsReadAllTheSame() throws Exception {
        redis.command("XADD", "relais:1:purges", "*", "purge", SHOP.json().encode(), "run", run(), "by", "third");
        await("read each second").until(() -> heardByOther.purged.equals(List.of(SHOP)));
    }

    private String run() throws Exception {
        String info = redis.command("INFO", "server");
        int start = info.indexOf("run_id:") + 7;
        return info.substring(start, info.indexOf('\r', start));
    }

    @Test
    void aPurgeWhileOneIsCutOffIsReadWhenItIsBack() throws Exception {
        int missed = heardByOther.missed;
        for (int i = 0; i < 5; i++) {
            redis.command("CLIENT", "KILL", "TYPE", "pubsub");
            redis.command("CLIENT", "KILL", "TYPE", "normal");
            one.purge(new PurgeScope("shop", null, "tag" + i, false, 1));
        }
        await("all").until(() -> heardByOther.purged.size() == 5);
        assertEquals("tag0", heardByOther.purged.get(0).tag());
        assertEquals(missed, heardByOther.missed, "nothing else is forgotten");
    }

    @Test
    void whatCannotBeUnderstoodInTheJournalPurgesEverything() throws Exception {
        redis.command("XADD", "relais:1:purges", "*", "purge", "{\"function\":7", "run", run(), "by", "third");
        await("purged").until(() -> heardByOther.purged.size() == 1);
        assertNull(heardByOther.purged.get(0).function());
        assertFalse(heardByOther.purged.get(0).soft());
    }

    /** With what it has saved, as it is by default; a purge after that is lost. */
    @Test
    void aRestartOfRedisMakesEverythingOldVoid() throws Exception {
        writeAnew(one, "r", "a", "answer");
        redis.command("SAVE");
        one.purge(SHOP);
        await("told").until(() -> heardByOther.purged.equals(List.of(SHOP)));
        int missed = heardByOther.missed;
        int lost = heardByOther.lost;
        redis.kill();
        await("noticed").until(() -> one.moment() == null && other.moment() == null);
        assertNull(levels.read(one, "r", "a"), "it is not asked");
        redis.start();
        await("in step").until(() -> one.moment() != null && other.moment() != null);
        assertTrue(heardByOther.lost > lost);
        await("forgotten").until(() -> heardByOther.missed > missed);
        assertEquals(
                "answer", levels.read(other, "r", "a").entry(), "the cache refuses it by the moment that it carries");
        one.purge(SHOP);
        await("told").until(() -> heardByOther.purged.size() == 2);
    }

    @Test
    void aJournalThatIsGoneMakesEverythingOldVoid() throws Exception {
        int missed = heardByOther.missed;
        redis.command("FLUSHALL");
        await("forgotten").until(() -> heardByOther.missed > missed);
        await("in step").until(() -> one.moment() != null && other.moment() != null);
    }

    @Test
    void aRedisThatStandsStillIsWaitedForInTimeAndThenNotAtAll() throws Exception {
        RedisLevel patient = levels.inStep(new Heard(), "url", redis.url(), "timeout", "5ms");
        writeAnew(one, "r", "a", "answer");
        assertEquals("answer", levels.read(one, "r", "a").entry());
        redis.halt();
        long begin = System.nanoTime();
        int timeouts = 0;
        while (levels.readInTime(patient, "r", "a") != null) {
            timeouts++;
        }
        assertTrue(timeouts <= 10, "the breaker opens after " + timeouts);
        assertEquals(2, state(patient.status().breaker()));
        assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(30));
        await("given up").until(() -> patient.status().state().equals("connecting"));
        redis.goOn();
        await("back").until(() -> patient.moment() != null);
        await("read").until(() -> {
            Got got = levels.readInTime(patient, "r", "a");
            return got != null && got.entry().equals("answer");
        });
        assertEquals("closed", patient.status().breaker());
    }

    /** Nobody needs anything of Redis meanwhile. */
    @Test
    void theBreakerClosesWithoutALookUp() throws Exception {
        RedisLevel patient = levels.inStep(new Heard(), "url", redis.url(), "timeout", "50ms");
        redis.halt();
        for (int i = 0; i < 7; i++) {
            levels.readInTime(patient, "r", "a");
        }
        assertNotEquals("closed", patient.status().breaker());
        redis.goOn();
        await("closed").until(() -> patient.status().breaker().equals("closed"));
    }

    private static int state(String breaker) {
        return List.of("closed", "half-open", "open").indexOf(breaker);
    }

    @Test
    void aPurgeWhileRedisStandsStillIsToldAfterwards() throws Exception {
        redis.halt();
        one.purge(SHOP);
        one.outdate("r", "shop", "/cart");
        assertNull(levels.read(one, "r", "a"), "it is not yet removed");
        await("given up").until(() -> one.status().state().equals("connecting"));
        assertTrue(one.status().untoldPurges() >= 2);
        redis.goOn();
        await("told").until(() -> heardByOther.purged.contains(SHOP));
        await("removed").until(() -> one.status().untoldPurges() == 0);
    }

    @Test
    void aFullRedisTakesNothingAndFailsNothing() throws Exception {
        writeAnew(one, "r", "a", "answer");
        redis.command("CONFIG", "SET", "maxmemory", "1mb");
        one.write(entry("r", "b", "more", one.newToken(), true));
        await("refused").until(() -> one.counts().of(Store.ERROR) == 1);
        assertEquals("full", one.status().state());
        await("not sent").until(() -> {
            one.write(entry("r", "c", "more", one.newToken(), true)); // sent if a second has passed since the refusal
            return one.counts().of(Store.DROPPED) > 0;
        });
        assertEquals("answer", levels.read(other, "r", "a").entry());
    }

    /** There is no room for an entry in the journal. */
    @Test
    void aPurgeInAFullRedisVoidsEverything() throws Exception {
        int missed = heardByOther.missed;
        redis.command("CONFIG", "SET", "maxmemory", "1mb");
        one.purge(SHOP);
        one.purgesTold().toCompletableFuture().get(60, TimeUnit.SECONDS);
        await("void").until(() -> other.moment() == null && one.moment() == null);
        assertNull(levels.read(other, "r", "a"));
        redis.command("CONFIG", "SET", "maxmemory", "0");
        await("in step").until(() -> one.moment() != null && other.moment() != null);
        await("forgotten").until(() -> heardByOther.missed > missed);
    }

    @Test
    void aKeyOfAnotherTypeIsNothing() throws Exception {
        writeAnew(one, "r", "a", "answer");
        redis.command("DEL", "relais:1:a:a");
        redis.command("LPUSH", "relais:1:a:a", "x");
        assertEquals(Read.FOREIGN, levels.read(one, "r", "a").outcome());
        assertEquals("closed", one.status().breaker());
        redis.command("DEL", "relais:1:r:r");
        redis.command("SADD", "relais:1:r:r", "x");
        assertEquals(Read.FOREIGN, levels.read(one, "r", "a").outcome());
        redis.command("DEL", "relais:1:r:r");
        redis.command("SET", "relais:1:r:r", "something else than a token");
        assertEquals(Read.FOREIGN, levels.read(one, "r", "a").outcome());
    }

    /** Somebody has put half a gigabyte there. */
    @Test
    void ofAHugeValueOnlyTheFirstBytesCome() throws Exception {
        writeAnew(one, "r", "a", "answer");
        redis.command("SETRANGE", "relais:1:a:a", Integer.toString(50 << 20), "x");
        Got got = levels.read(one, "r", "a");
        assertTrue(got.entry().length() <= 600 << 10, got.entry().length() + " bytes");
    }

    @Test
    void aWrongPasswordIsToldAndLeavesNoConnections() throws Exception {
        redis.password("secret");
        RedisLevel wrong = levels.start(new Heard(), "url", redis.url(), "password", "guess");
        await("refused").until(() -> wrong.status().problem() != null);
        assertTrue(
                wrong.status().problem().contains("WRONGPASS"), wrong.status().problem());
        assertNull(wrong.moment());
        int before = redis.info("stats", "total_connections_received");
        await("several attempts").until(() -> redis.info("stats", "total_connections_received") > before + 30);
        assertTrue(redis.info("clients", "connected_clients") < 15, "each attempt closes what it has opened");
        RedisLevel right = levels.inStep(new Heard(), "url", redis.url(), "password", "secret");
        assertNotNull(levels.read(right, "r", "a"));
        RedisLevel inUrl = levels.inStep(new Heard(), "url", redis.url().replace("//", "//default:secret@"));
        assertFalse(inUrl.status().address().contains("secret"), inUrl.status().address());
        RedisLevel named =
                levels.inStep(new Heard(), "url", redis.url().replace("//", "//default@"), "password", "secret");
        assertNotNull(levels.read(named, "r", "a"));
    }

    @Test
    void tlsIsSpokenWithAServerWhoseCertificateIsTrustedAndWithNoOther(@TempDir Path directory) throws Exception {
        Path certificate = directory.resolve("cert.pem");
        Path key = directory.resolve("key.pem");
        Certificate.write(certificate, key);
        int port = FreePorts.next();
        try (RedisServer secure = new RedisServer(
                "tls-port", Integer.toString(port),
                "tls-cert-file", certificate.toString(),
                "tls-key-file", key.toString(),
                "tls-ca-cert-file", certificate.toString(),
                "tls-auth-clients", "no")) {
            String url = "rediss://127.0.0.1:" + port;
            RedisLevel trusting = levels.inStep(new Heard(), "url", url, "ca-file", certificate.toString());
            writeAnew(trusting, "r", "a", "secret");
            assertEquals("secret", levels.read(trusting, "r", "a").entry());
            RedisLevel doubting = levels.start(new Heard(), "url", url);
            await("refused").until(() -> doubting.status().problem() != null);
            assertNull(doubting.moment());
            assertTrue(secure.url().startsWith("redis:"));
        }
    }

    @Test
    void aLevelWithoutAUrlIsOff() throws Exception {
        RedisLevel off = levels.start(new Heard());
        assertFalse(off.isOn());
        assertNull(off.status());
        assertFalse(off.distrusts(0, Long.MAX_VALUE));
        assertEquals(0, off.counts().of(LookUp.SKIPPED));
    }

    @Test
    void aRedisThatIsNotThereCostsNothing() throws Exception {
        redis.kill();
        RedisLevel alone = levels.start(new Heard(), "url", redis.url());
        assertTrue(alone.isOn());
        assertNull(levels.read(alone, "r", "a"));
        long now = System.currentTimeMillis();
        assertFalse(alone.distrusts(now, now), "just made");
        assertTrue(alone.distrusts(now - 31_000, now), "may have been purged through another gateway");
        redis.start();
        await("in step").until(() -> alone.moment() != null);
        await("trusted").until(() -> !alone.distrusts(0, System.currentTimeMillis()));
    }
}
