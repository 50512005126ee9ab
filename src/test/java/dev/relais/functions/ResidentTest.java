package dev.relais.functions;

import static dev.relais.functions.FunctionFixture.config;
import static dev.relais.functions.FunctionFixture.link;
import static dev.relais.functions.FunctionFixture.php;
import static dev.relais.functions.FunctionFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import dev.relais.sites.Asked;
import dev.relais.sites.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions that stay in memory: how {@code functions.yaml} says it, where their application is, and which mistakes it tells. */
class ResidentTest extends WatchedFunctions {
    private static final FunctionSettings DEFAULTS = FunctionSettings.defaults(60_000);

    private Settings read(String text) throws IOException {
        return SettingsFile.read(yaml(text), "functions.yaml", DEFAULTS, 7);
    }

    private Path yaml(String text) throws IOException {
        return write(directory.resolve("functions.yaml"), text);
    }

    private ResidentPlace place(String function) {
        return functions.current().get(function).resident();
    }

    private static PoolSettings pool(ResidentSettings resident) {
        return new PoolSettings(
                "function:a", "functions.a.resident", resident.children(), null, null, Map.of(), null, "", resident);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    true                                  |                | 4 | 0    | 0        | false
                    {}                                    |                | 4 | 0    | 0        | false
                    {children: 8}                         |                | 8 | 0    | 0        | false
                    worker.php                            | worker.php     | 4 | 0    | 0        | false
                    {script: bin/worker.php, strict: true}| bin/worker.php | 4 | 0    | 0        | true
                    {max-requests: 1000, max-memory: 64M} |                | 4 | 1000 | 67108864 | false
                    """)
    void itsProcessesAreAPoolOfItsOwn(
            String written, String script, int children, long maxRequests, long maxMemory, boolean strict)
            throws IOException {
        ResidentSettings resident = new ResidentSettings(script, children, maxRequests, maxMemory, strict);
        FunctionSettings settings =
                read("functions: {a: {resident: " + written + "}}").of("a");
        assertEquals(pool(resident), settings.pool());
        assertEquals(resident, settings.resident());
    }

    @Test
    void whatIsNotResidentHasTheProcessesOfAll() throws IOException {
        assertEquals(DEFAULTS, read("functions: {a: {resident: false}}").of("a"));
        assertNull(DEFAULTS.resident());
    }

    @ParameterizedTest
    @CsvSource({"true, 5", "'{children: 6}', 6"})
    void userAndSettingsAreThoseThatPoolSays(String resident, int children) throws IOException {
        String own =
                "user: www-a, php-fpm: /opt/php-fpm, ini: {memory_limit: 9M}" + (children == 5 ? ", children: 5" : "");
        for (String keys : new String[] {
            "resident: " + resident + ", pool: {" + own + "}", "pool: {" + own + "}, resident: " + resident
        }) {
            PoolSettings pool = read("functions: {a: {" + keys + "}}").of("a").pool();
            assertEquals(
                    new PoolSettings(
                            "function:a",
                            "functions.a.resident",
                            children,
                            "www-a",
                            Path.of("/opt/php-fpm"),
                            Map.of("memory_limit", "9M"),
                            null,
                            "",
                            new ResidentSettings(null, children, 0, 0, false)),
                    pool);
            assertEquals("functions.a.pool.user", pool.key("user"));
            assertEquals("functions.a.resident.children", pool.key("children"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    {resident: /srv/worker.php}; a.resident=/srv/worker.php: not a path in the function's folder; like worker.php
                    {resident: {script: ../b/worker.php}}; a.resident.script=../b/worker.php: not a path; bin/worker.php
                    {resident: {script: bin/worker}}; a.resident.script=bin/worker: not a PHP script; ends in .php
                    {resident: }; a.resident=: neither true, a script nor keys; worker.php
                    {resident: {children: 1025}}; a.resident.children=1025: more than 1024 children; lower
                    {resident: {children: 0}}; a.resident.children=0: not a whole number from 1; write one
                    {resident: {max-request: 9}}; a.resident.max-request=9: unknown key; write max-requests
                    {residents: true}; a.residents=true: unknown key; write resident;
                    {resident: {children: 2}, pool: {children: 2}}; a.resident.children=2: children are in pool as well; remove one
                    {resident: true, pool: shop}; a.resident=true: resident in the shared pool shop; processes of its own
                    {pool: shop, resident: {}}; a.resident={...}: resident in the shared pool shop; processes of its own
                    {resident: true, preload: true}; functions.a={...}: preload of what is resident; remove preload
                    {resident: true, reserved: 4}; reserved=4 in the pool function:a; functions.a.resident.children
                    """)
    void whatIsWrongIsToldWithKeyAndRemedy(String keys, String first, String second) {
        ConfigurationProblem found =
                assertThrows(ConfigurationProblem.class, () -> read("{pools: {shop: }, functions: {a: " + keys + "}}"));
        assertTrue(found.getMessage().contains(first), found.getMessage());
        assertTrue(found.getMessage().contains(second), found.getMessage());
    }

    @Test
    void aSiteHasNoSuchKey() {
        ConfigurationProblem found =
                assertThrows(ConfigurationProblem.class, () -> read("sites: {s: {root: /srv/s, resident: true}}"));
        assertTrue(found.getMessage().contains("sites.s.resident=true: unknown key"), found.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    greet: {resident: true}        | functions.greet.resident=true: is a file, and only a folder can | may be greet.php
                    greet: {resident: none.php}    | functions.greet.resident=none.php: no such file in             | correct the path
                    shop: {resident: bin}          | functions.shop.resident=bin: not a PHP script                  | .php
                    shop: {resident: folder.php}   | functions.shop.resident=folder.php: no such file in            | add it
                    shop: {resident: away.php}     | functions.shop.resident=away.php: leads out of                 | allow-symlinks-to
                    shop: {resident: {script: broken.php}} | functions.shop.resident=broken.php: no such file in    | add it
                    empty: {resident: worker.php}  | functions.empty.resident=worker.php: this folder has no index.php | add one
                    empty: {resident: true}        | functions.empty.resident=true: this folder has no index.php    | add one
                    """)
    void whatTheFolderCannotHonourRefusesTheFile(String entry, String problem, String remedy) throws IOException {
        php(directory, "greet.php");
        php(directory, "shop/index.php");
        php(directory, "empty/worker.php");
        Files.createDirectory(directory.resolve("shop/folder.php"));
        link(directory.resolve("shop/away.php"), php(temporary, "away.php").toString());
        link(directory.resolve("shop/broken.php"), "nothing.php");
        yaml("functions: {greet: {timeout: 1s}}");
        start();
        yaml("functions: {" + entry + "}");
        refresh();
        String told = functions.status().problem();
        assertTrue(told != null && told.contains(problem) && told.contains(remedy), told);
        assertEquals(1_000, timeout("greet"), "the last good settings stay");
    }

    @Test
    void itsFolderAndScriptAreRealPaths() throws IOException {
        Path real = directory.toRealPath();
        php(directory, "releases/2/index.php");
        php(directory, "releases/2/bin/boot.php");
        link(directory.resolve("shop"), "releases/2");
        link(directory.resolve("releases/2/worker.php"), "bin/boot.php");
        yaml("functions: {shop: {resident: worker.php}, releases/2: {resident: true}}");
        start();
        assertEquals(
                new ResidentPlace(real.resolve("releases/2"), real.resolve("releases/2/bin/boot.php")), place("shop"));
        assertEquals(new ResidentPlace(real.resolve("releases/2"), null), place("releases/2"));
    }

    @Test
    void theWorkerOfAFileIsNoFunction() throws IOException {
        Path real = directory.toRealPath();
        php(directory, "greet.php");
        php(directory, "greeter.php");
        php(directory, "plain.php");
        yaml("functions: {greet: {resident: greeter.php}, plain: {resident: plain.php}}");
        start();
        assertEquals(Set.of("greet", "plain"), names());
        assertEquals(new ResidentPlace(real, real.resolve("greeter.php")), place("greet"));
        assertEquals(new ResidentPlace(real, real.resolve("plain.php")), place("plain"));
    }

    @Test
    void theWorkerOfAnApplicationIsNotServed() throws IOException {
        php(directory, "shop/index.php");
        php(directory, "shop/worker.php");
        php(directory, "shop/other.php");
        yaml("functions: {shop: {resident: worker.php, application: true}}");
        start();
        PhpFunction shop = functions.current().get("shop");
        assertEquals(Place.Kind.SCRIPT, ask(shop, "/other.php").kind());
        assertEquals(Place.Kind.DENIED, ask(shop, "/worker.php").kind());
        assertNotNull(shop.withScript(ask(shop, "/other.php")).resident());
    }

    private static Place ask(PhpFunction function, String path) {
        return function.application()
                .find(new Asked(path, Integer.MAX_VALUE, "", path, "", "", true, false, (target, before) -> null));
    }

    @Test
    void aPoolLeadsToItsFunction() throws IOException {
        php(directory, "greet.php");
        yaml("functions: {greet: {resident: greet.php}, later: {resident: true}, b: {pool: {children: 2}}}");
        for (FunctionRegistry registry : new FunctionRegistry[] {SitePreview.of(config(directory)), load()}) {
            assertEquals(
                    Set.of("function:greet", "function:b"), registry.pools().keySet());
            assertEquals(
                    registry.get("greet"), registry.resident(registry.pools().get("function:greet")));
            assertNull(registry.resident(registry.pools().get("function:b")));
        }
    }

    private FunctionRegistry load() {
        start();
        return functions.current();
    }

    /** Without its script nothing can boot; what has booted serves on, and what boots later tells what is missing. */
    @Test
    void aWorkerThatGoesAwayIsAMistakeUntilItComesBack() throws IOException {
        php(directory, "shop/index.php");
        Path worker = php(directory, "shop/worker.php");
        yaml("functions: {shop: {resident: worker.php}}");
        start();
        FunctionRegistry before = functions.current();
        Files.delete(worker);
        eventually(() -> assertTrue(
                String.valueOf(functions.status().problem()).contains("no such file"),
                String.valueOf(functions.status().problem())));
        assertEquals(before.pools(), functions.current().pools());
        assertEquals(before.get("shop"), functions.current().get("shop"));
        php(directory, "shop/worker.php");
        eventually(() -> assertNull(functions.status().problem()));
    }
}
