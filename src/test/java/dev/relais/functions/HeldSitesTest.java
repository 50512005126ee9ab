package dev.relais.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No script of a site runs on workers that do not know the settings for its folder. */
class HeldSitesTest {
    @TempDir
    Path directory;

    private final HeldSites held = new HeldSites();

    @BeforeEach
    void makeRoots() throws IOException {
        for (String name : List.of("a", "b", "c")) {
            FunctionFixture.php(directory.resolve(name), "index.php");
        }
        load("one: {hosts: [one.example], root: BASE/a, php: {memory_limit: 1M}}");
    }

    private FunctionRegistry read(String sites) throws IOException {
        Files.writeString(
                directory.resolve("functions.yaml"),
                "sites: {" + sites.replace("BASE", directory.toRealPath().toString()) + "}");
        return new FunctionSource(FunctionFixture.config(directory), null, 1, folder -> true, Clock.systemUTC())
                .load()
                .registry();
    }

    /** The first load. */
    private void load(String sites) throws IOException {
        FunctionRegistry first = read(sites);
        held.told(first);
        assertSame(first, held.start(first));
    }

    private static String root(FunctionRegistry registry, String site) {
        Path root = registry.get("site:" + site).application().root();
        return root.getFileName().toString();
    }

    @Test
    void aNewSiteWaitsForWorkersThatKnowIt() throws IOException {
        FunctionRegistry next = read("one: {hosts: [one.example], root: BASE/a, php: {memory_limit: 1M}},"
                + " two: {hosts: [two.example], root: BASE/b}");
        FunctionRegistry now = held.load(next);
        assertTrue(now.isWaiting("site:two"));
        assertFalse(now.isWaiting("site:one"));

        assertNull(held.serve(next), "workers that were told of nothing");
        held.told(next);
        assertTrue(held.load(next).isWaiting("site:two"), "they have only started");
        assertFalse(held.serve(next).isWaiting("site:two"));
    }

    @Test
    void aSiteWithAnotherRootIsServedAsItWasMeanwhile() throws IOException {
        FunctionRegistry next = read("one: {hosts: [one.example], root: BASE/b, php: {memory_limit: 1M}}");
        FunctionRegistry now = held.load(next);
        assertEquals("a", root(now, "one"));
        assertFalse(now.isWaiting("site:one"));

        held.told(next);
        FunctionRegistry third = read("one: {hosts: [one.example], root: BASE/c, php: {memory_limit: 1M}}");
        assertEquals("a", root(held.load(third), "one"));
        assertEquals("b", root(held.serve(next), "one"), "what the workers know, and not what was loaded meanwhile");
        held.told(third);
        assertEquals("c", root(held.serve(third), "one"));
    }

    @Test
    void otherSettingsOfPhpAreAnotherSite() throws IOException {
        FunctionRegistry next =
                read("one: {hosts: [one.example], root: BASE/a, php: {memory_limit: 2M}, methods: [GET]}");
        assertTrue(held.load(next).get("site:one").settings().allows("POST"));
        held.told(next);
        assertFalse(held.serve(next).get("site:one").settings().allows("POST"));
    }

    @Test
    void aSiteAtAnotherHostWaits() throws IOException {
        FunctionRegistry now = held.load(read("one: {hosts: [other.example], root: BASE/b}"));
        assertTrue(now.isWaiting("site:one"));
        assertEquals("b", root(now, "one"));
    }

    @Test
    void aHostThatGoesToANewSiteIsNobodysMeanwhile() throws IOException {
        FunctionRegistry now =
                held.load(read("one: {hosts: [elsewhere.example], root: BASE/a, php: {memory_limit: 1M}},"
                        + " two: {hosts: [one.example], root: BASE/b}"));
        assertFalse(now.isWaiting("site:one"), "its folder is the same");
        assertTrue(now.isWaiting("site:two"));
        assertEquals(
                "site:two",
                now.sites().find("one.example", "/", Integer.MAX_VALUE).name());
    }

    @Test
    void whatNeedsNothingOfPhpIsInForceAtOnce() throws IOException {
        FunctionRegistry next = read(
                "one: {hosts: [one.example], root: BASE/a, php: {memory_limit: 1M}, expires: 1d},"
                        + " redirect: {hosts: [www.example], rules: [{match: ^, to: 'https://one.example{uri}', status: 301}]}");
        assertEquals(next.all().size(), held.load(next).all().size());
        assertFalse(held.load(next).isWaiting("site:redirect"));
        assertTrue(held.load(next).sameAs(next));
        FunctionRegistry none = read("");
        assertSame(none, held.load(none));
    }
}
