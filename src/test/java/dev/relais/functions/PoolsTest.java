package dev.relais.functions;

import static dev.relais.functions.FunctionFixture.config;
import static dev.relais.functions.FunctionFixture.php;
import static dev.relais.functions.FunctionFixture.settle;
import static dev.relais.functions.FunctionFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import dev.relais.events.Events;
import dev.relais.testing.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pools of {@code functions.yaml}: which function has which, and when they come into force. */
class PoolsTest extends WatchedFunctions {
    private static final FunctionSettings DEFAULTS = FunctionSettings.defaults(60_000);

    private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
    private volatile ConfigurationProblem problem; // of each pool; null for none

    private Settings read(String text) throws IOException {
        Path file = write(directory.resolve("functions.yaml"), text);
        return SettingsFile.read(file, "functions.yaml", DEFAULTS, 7);
    }

    private void yaml(String text) throws IOException {
        write(directory.resolve("functions.yaml"), text);
    }

    private void startFunctions(boolean generations) throws IOException {
        php(directory, "a.php");
        FunctionFixture.Config config = config(directory);
        functions = new Functions(generations ? config.inGenerations() : config, new Events());
        functions.onChanged(() -> told.add("changed"));
        functions.start(null, 7, new PhpAccess() {
            @Override
            public boolean reads(Path folder) {
                return true;
            }

            @Override
            public boolean reads(PoolSettings pool, Path folder) {
                return !"blind".equals(pool.user());
            }

            @Override
            public ConfigurationProblem problem(PoolSettings pool) {
                return problem;
            }
        });
    }

    @Test
    void aPoolOfItsOwnIsNamedAfterItsOwner() throws IOException {
        Settings settings = read("""
                functions: {a: {pool: {children: 2, user: www-a, php-fpm: /opt/php-fpm, ini: {memory_limit: 9M}}}}
                sites: {s: {root: /srv/s, pool: {}}}
                """);
        assertEquals(Set.of("function:a", "site:s"), settings.pools().keySet());
        assertEquals(
                new PoolSettings(
                        "function:a",
                        "functions.a.pool",
                        2,
                        "www-a",
                        Path.of("/opt/php-fpm"),
                        Map.of("memory_limit", "9M"),
                        null,
                        "",
                        null),
                settings.of("a").pool());
        assertEquals(
                new PoolSettings("site:s", "sites.s.pool", 4, null, null, Map.of(), null, "", null),
                settings.sites().get("s").settings().pool());
        assertNull(settings.of("b").pool());
    }

    @Test
    void whoNamesOneSharesIt() throws IOException {
        Settings settings = read("""
                functions: {a: {pool: shop}, b: {pool: shop}}
                sites: {s: {root: /srv/s, pool: shop}}
                pools: {shop: {children: 3}, idle: {user: somebody}}
                """);
        assertEquals(Set.of("shop"), settings.pools().keySet());
        assertSame(settings.of("a").pool(), settings.of("b").pool());
        assertSame(settings.of("a").pool(), settings.sites().get("s").settings().pool());
        assertEquals(Set.of("idle"), settings.idlePools());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    functions: {a: {pool: shop}}; functions.a.pool=shop: there is no such pool; add pools: {shop:
                    {pools: {shop: }, functions: {a: {pool: shpo}}}; =shpo: there is no such pool; are shop
                    {functions: {a: {pool: {user: nobody, reserve: 1}}}}; pool.reserve=; the keys of a pool are children, user
                    {functions: {a: {pool: {children: 2}, reserved: 2}}}; reserved=2 in the pool function:a; functions.a.pool.children
                    {functions: {a: {pool: {ini: /none.ini}}}}; a.pool.ini=/none.ini: cannot be read; name a file
                    {functions: {a: {pool: {php-fpm: php-fpm8.4}}}}; not the whole path of a program; /usr/sbin/php-fpm8.4
                    {pools: {a: {user: '../x'}}}; pools.a.user=../x; like www-shop
                    """)
    void whatIsWrongIsToldWithKeyAndRemedy(String text, String first, String second) throws IOException {
        ConfigurationProblem found = assertThrows(ConfigurationProblem.class, () -> read(text));
        assertTrue(found.getMessage().contains(first), found.getMessage());
        assertTrue(found.getMessage().contains(second), found.getMessage());
    }

    /** What is reserved in a pool takes nothing of the common children, of which seven can be reserved here. */
    @Test
    void aReservationIsOneOfItsPool() throws IOException {
        read("functions: {a: {reserved: 7}, b: {pool: {children: 9}, reserved: 8}}");
    }

    @Test
    void aPoolThatCannotBeStartedKeepsTheLastGoodSettings() throws IOException {
        startFunctions(false);
        problem = new ConfigurationProblem("functions.yaml: functions.a.pool.user", "x", "there is no such user", "y");
        yaml("functions: {a: {timeout: 5s, pool: {user: x}}}");
        refresh();
        assertEquals(60_000, timeout("a"));
        assertTrue(functions.status().problem().contains("there is no such user"), functions.status()::problem);
        problem = null;
    }

    @Test
    void aUserThatCannotReadTheFunctionsIsNoUserOfThem() throws IOException {
        startFunctions(false);
        yaml("functions: {a: {pool: {user: blind}}}");
        refresh();
        assertTrue(functions.status().problem().contains("functions.a.pool.user=blind"), functions.status()::problem);
        assertEquals(Map.of(), functions.current().pools());
    }

    /** Otherwise a function would be in a pool that has no processes yet. */
    @Test
    void otherPoolsWaitForTheirProcessesThoughFilesComeIntoForceByThemselves() throws Exception {
        startFunctions(false);
        FunctionRegistry before = functions.current();
        yaml("functions: {a: {pool: {children: 2}}}");
        assertNotNull(told.poll(Patience.SECONDS, TimeUnit.SECONDS));
        assertTrue(functions.haveChanged());
        refresh();
        assertSame(before, functions.current());

        Candidate candidate = functions.candidate();
        assertEquals(Set.of("function:a"), candidate.registry().pools().keySet());
        assertTrue(functions.isStill(candidate, false));
        functions.publish(candidate);
        assertSame(candidate.registry(), functions.current());
        assertFalse(functions.haveChanged());
        assertEquals(2, functions.current().get("a").settings().pool().children());

        php(directory, "b.php"); // which needs no other pools
        eventually(() -> assertEquals(Set.of("a", "b"), names()));
        assertTrue(told.isEmpty());
    }

    @Test
    void whatIsTakenBackInTheLastMomentServesUntilTheNextGeneration() throws Exception {
        startFunctions(false);
        yaml("functions: {a: {pool: {children: 2}}}");
        assertNotNull(told.poll(Patience.SECONDS, TimeUnit.SECONDS));
        Candidate candidate = functions.candidate();
        yaml("functions: {a: {pool: {children: 3}}}");
        assertNotNull(told.poll(Patience.SECONDS, TimeUnit.SECONDS));
        assertFalse(functions.isStill(candidate, false));
        yaml("functions: {}");
        eventually(() -> assertFalse(functions.haveChanged()));
        FunctionRegistry file = functions.current();
        functions.publish(candidate); // whose processes serve, while those of the others leave
        assertSame(candidate.registry(), functions.current());
        assertNotNull(told.poll(Patience.SECONDS, TimeUnit.SECONDS));
        assertTrue(functions.haveChanged());
        Candidate next = functions.candidate();
        assertSame(file, next.registry());
        functions.publish(next);
        assertEquals(Map.of(), functions.current().pools());
        assertFalse(functions.haveChanged());
    }

    @Test
    void whatWasGivenUpIsTriedAgainWhenTheFileIsTouched() throws Exception {
        startFunctions(false);
        Path file = directory.resolve("functions.yaml");
        yaml("functions: {a: {pool: {children: 2}}}");
        assertNotNull(told.poll(Patience.SECONDS, TimeUnit.SECONDS));
        settle(file, directory.resolve("a.php"), directory);
        functions.drop(functions.candidate());
        refresh();
        told.clear();
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2021-01-01T00:00:00Z")));
        assertNotNull(told.poll(Patience.SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void aMistakeInAFileOfSettingsIsSeenAsMended() throws Exception {
        Path ini = write(temporary.resolve("shop.ini"), "memory_limit = 9M\n");
        yaml("functions: {a: {pool: {ini: " + ini + "}}}");
        php(directory, "a.php");
        settle(ini, directory.resolve("functions.yaml"), directory.resolve("a.php"), directory);
        FunctionSource source = new FunctionSource(config(directory), null, 7, folder -> true, Clock.systemUTC());
        source.load();
        assertNull(source.loadIfChanged());

        write(ini, "; " + "x".repeat(65 << 10));
        settle(ini);
        assertTrue(source.loadIfChanged().settingsProblem().contains("larger than 64 KiB"));
        assertNull(source.loadIfChanged());
        write(ini, "memory_limit = 10M\n");
        FunctionSource.Loaded mended = source.loadIfChanged();
        assertNull(mended.settingsProblem());
        assertEquals(
                "memory_limit = 10M\n",
                mended.registry().get("a").settings().pool().iniText());
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aChangedFileOfSettingsIsAChange(boolean generations) throws Exception {
        Path ini = write(temporary.resolve("shop.ini"), "memory_limit = 9M\n");
        yaml("functions: {a: {pool: {ini: " + ini + "}}}");
        startFunctions(generations);
        assertEquals(
                "memory_limit = 9M\n",
                functions.current().get("a").settings().pool().iniText());
        write(ini, "memory_limit = 10M\n");
        assertNotNull(told.poll(Patience.SECONDS, TimeUnit.SECONDS));
        Candidate candidate = functions.candidate();
        assertEquals(
                "memory_limit = 10M\n",
                candidate.registry().get("a").settings().pool().iniText());
        Files.delete(ini);
        functions.publish(candidate);
    }
}
