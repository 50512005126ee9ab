package dev.relais.functions;

import static dev.relais.functions.FunctionFixture.function;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FunctionRegistryTest {
    private static final int FROM = "/api/".length();

    @Test
    void theLongestNameWinsAndTheRestIsLeft() {
        FunctionRegistry registry = registry("reports", "reports/daily", "reports/daily/old");

        assertEquals("reports", found(registry, "/api/reports"));
        assertEquals("reports", found(registry, "/api/reports/weekly"));
        assertEquals("reports/daily", found(registry, "/api/reports/daily/7"));
        assertEquals("reports/daily/old", found(registry, "/api/reports/daily/old/1/2"));
    }

    @Test
    void aLongerNameIsFoundWhereAShorterOneIsMissing() {
        FunctionRegistry registry = registry("a", "a/b/c");

        assertEquals("a", found(registry, "/api/a/b"));
        assertEquals("a/b/c", found(registry, "/api/a/b/c"));
        assertNull(registry("a/b/c").find("/api/a/b", FROM));
    }

    @Test
    void aNameMatchesWholeSegmentsOnly() {
        FunctionRegistry registry = registry("hello", "a/b");

        assertNull(registry.find("/api/hellothere", FROM));
        assertNull(registry.find("/api/hell", FROM));
        assertNull(registry.find("/api/hello.php", FROM));
        assertNull(registry.find("/api/a/bc", FROM));
        assertEquals("hello", found(registry, "/api/hello/"));
        assertEquals("hello", found(registry, "/api/hello/there"));
    }

    @Test
    void theCaseCounts() {
        assertNull(registry("hello").find("/api/HELLO", FROM));
        assertNull(registry("hello").find("/api/hellO", FROM));
    }

    @Test
    void anEmptyPathOrRegistryFindsNothing() {
        assertNull(registry("hello").find("/api/", FROM));
        assertNull(registry("hello").find("/api", FROM));
        assertNull(registry("hello").find("/api//hello", FROM));
        assertNull(FunctionRegistry.empty().find("/api/hello", FROM));
        assertSame(FunctionRegistry.empty(), FunctionRegistry.of(List.of()));
    }

    @Test
    void aNameOutsideLatin1IsFound() {
        assertEquals("größe/日本", found(registry("größe/日本", "größe"), "/api/größe/日本/x"));
    }

    @Test
    void namesWithEqualHashCodesAreToldApart() {
        FunctionRegistry registry = registry("Aa", "BB", "AaBB");

        assertEquals("Aa", found(registry, "/api/Aa"));
        assertEquals("BB", found(registry, "/api/BB"));
        assertEquals("AaBB", found(registry, "/api/AaBB"));
        assertNull(registry.find("/api/BBAa", FROM));
    }

    @Test
    void twoFunctionsOfOneNameAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> FunctionRegistry.of(List.of(function("a"), function("a"))));
    }

    @Test
    void allAreSortedByName() {
        FunctionRegistry registry = registry("b", "a/c", "a");

        assertEquals(
                List.of("a", "a/c", "b"),
                registry.all().stream().map(PhpFunction::name).toList());
        assertEquals(3, registry.size());
        assertEquals("b", registry.get("b").name());
        assertNull(registry.get("c"));
    }

    @Test
    void tenThousandNamesAreFoundAsANaiveMapFindsThem() {
        Random random = new Random(2611);
        Map<String, PhpFunction> naive = new HashMap<>();
        while (naive.size() < 10_000) {
            String name = path(random, 1 + random.nextInt(4));
            naive.put(name, function(name));
        }
        FunctionRegistry registry = FunctionRegistry.of(naive.values());
        List<String> names = new ArrayList<>(naive.keySet());
        for (int i = 0; i < 100_000; i++) {
            String path = random.nextBoolean()
                    ? names.get(random.nextInt(names.size()))
                    : path(random, 1 + random.nextInt(6));
            if (random.nextInt(3) == 0) {
                path += random.nextBoolean() ? "/" + path(random, 2) : "x";
            }
            assertSame(longest(naive, path), registry.find("/api/" + path, FROM), path);
        }
        for (PhpFunction function : naive.values()) {
            assertSame(function, registry.find("/api/" + function.name(), FROM));
        }
    }

    @Test
    void aLookUpAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        FunctionRegistry registry = registry("hello", "reports/daily", "reports");
        String[] paths = {"/api/reports/daily/7", "/api/hello", "/api/nothing/here"};
        long thread = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        int hits = 0;
        for (int round = 0; round < 5; round++) {
            long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < 30_000; i++) {
                hits += registry.find(paths[i % 3], FROM) != null ? 1 : 0;
            }
            least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
        }
        assertEquals(100_000, hits);
        // The measuring itself may allocate a little: far below one byte for each look-up.
        assertEquals(0, least / 30_000, "bytes per look-up, of " + least);
    }

    private static PhpFunction longest(Map<String, PhpFunction> naive, String path) {
        String prefix = path;
        while (true) {
            PhpFunction function = naive.get(prefix);
            int slash = prefix.lastIndexOf('/');
            if (function != null || slash < 0) {
                return function;
            }
            prefix = prefix.substring(0, slash);
        }
    }

    /** A path of few letters and short segments, so that many names are prefixes of others. */
    private static String path(Random random, int segments) {
        StringBuilder path = new StringBuilder();
        for (int s = 0; s < segments; s++) {
            path.append(s == 0 ? "" : "/");
            for (int c = random.nextInt(3); c >= 0; c--) {
                path.append((char) ('a' + random.nextInt(8)));
            }
        }
        return path.toString();
    }

    private static String found(FunctionRegistry registry, String path) {
        PhpFunction function = registry.find(path, FROM);
        assertNotNull(function, path);
        return function.name();
    }

    private static FunctionRegistry registry(String... names) {
        List<PhpFunction> functions = new ArrayList<>();
        for (String name : names) {
            functions.add(function(name));
        }
        return FunctionRegistry.of(functions);
    }
}
