package dev.relais.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreloadableTest {
    private static final FunctionSettings DEFAULTS = FunctionSettings.defaults(1_000);
    private static final FunctionSettings WANTED = DEFAULTS.toBuilder()
            .preload(true)
            .allowSymlinksTo(List.of(Path.of("/srv/lib")))
            .build();

    private static PhpFunction folder(String name, String root, FunctionSettings settings) {
        return new PhpFunction(
                name, root + "/index.php", "/f", "/api/" + name + "/index.php", true, "1", null, settings);
    }

    private static FunctionRegistry registry(PhpFunction... functions) {
        return FunctionRegistry.of(List.of(functions));
    }

    private static Path successor(FunctionRegistry now, FunctionRegistry next, String used) {
        Preloadable rule = Preloadable.of(now, next);
        assertNotNull(rule);
        return rule.successor(Path.of(used));
    }

    @Test
    void withoutAFunctionThatWantsItThereIsNoRule() {
        FunctionRegistry none = registry(folder("shop", "/f/shop", DEFAULTS));
        assertFalse(Preloadable.isWanted(none));
        assertNull(Preloadable.of(none, none));
        assertTrue(Preloadable.isWanted(registry(folder("shop", "/f/shop", WANTED))));
    }

    @Test
    void whereFilesChangeWithoutASwitchThereIsNone() {
        FunctionRegistry shop = registry(folder("shop", "/f/shop", WANTED));
        assertNull(Preloadable.of(shop, new Candidate(shop, null, List.of())));
        assertNotNull(Preloadable.of(shop, new Candidate(shop, new Tree(1, 1), List.of())));
    }

    @Test
    void amongSeveralFunctionsOnlyTheirOwnFoldersAreAdmitted() {
        FunctionRegistry two = registry(folder("shop", "/f/shop", WANTED), folder("wiki", "/f/wiki", DEFAULTS));
        assertEquals(Path.of("/f/shop/src/A.php"), successor(two, two, "/f/shop/src/A.php"));
        assertEquals(Path.of("/srv/lib/A.php"), successor(two, two, "/srv/lib/A.php"));
        assertNull(successor(two, two, "/f/wiki/A.php"));
        assertNull(successor(two, two, "/f/shopping/A.php"));
        assertNull(successor(two, two, "/usr/share/php/A.php"));
    }

    @Test
    void aFunctionThatIsAloneMayHaveUsedAllThereIs() {
        FunctionRegistry one = registry(folder("shop", "/f/shop", WANTED));
        assertEquals(Path.of("/usr/share/php/A.php"), successor(one, one, "/usr/share/php/A.php"));
    }

    /** The old release is not to be preloaded by the new one. */
    @Test
    void ofAReleaseThatIsSwitchedTheFilesOfTheNewOneAreMeant() {
        FunctionRegistry seven = registry(folder("shop", "/releases/7/public", WANTED));
        FunctionRegistry eight = registry(folder("shop", "/releases/8/public", WANTED));
        assertEquals(Path.of("/releases/8/public/src/A.php"), successor(seven, eight, "/releases/7/public/src/A.php"));
        assertNull(successor(seven, eight, "/releases/7/src/A.php"));
        assertNull(successor(seven, eight, "/usr/share/php/A.php"));
    }

    @Test
    void aSingleScriptMayBePreloadedItself() {
        PhpFunction script = FunctionFixture.function("a", WANTED);
        FunctionRegistry two = registry(script, folder("wiki", "/f/wiki", DEFAULTS));
        assertEquals(Path.of("/f/a.php"), successor(two, two, "/f/a.php"));
        assertNull(successor(two, two, "/f/b.php"));
    }
}
