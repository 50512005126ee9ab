package dev.relais.fpm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LearnedClassesTest {
    private static final Path A = Path.of("/f/A.php");
    private static final Path B = Path.of("/f/B.php");
    private static final Path C = Path.of("/f/C.php");

    private final LearnedClasses classes = new LearnedClasses();

    @Test
    void aScriptThatOnlyDeclaresClassesAndWasUsedIsAdmitted() {
        classes.add(A, true, List.of("One", "Two"), List.of());
        classes.add(B, true, List.of("Three"), List.of());
        classes.add(C, false, List.of("Four"), List.of());
        assertEquals(Map.of(A, "one"), classes.admitted(Set.of(A, C)));
    }

    @Test
    void aClassThatAnotherScriptDeclaresTooIsNot() {
        classes.add(A, true, List.of("Shop\\Price"), List.of());
        classes.add(B, false, List.of("shop\\price"), List.of()); // in whatever way, and never used
        assertEquals(Map.of(), classes.admitted(Set.of(A)));
    }

    @Test
    void aClassWhoseParentIsNotPreloadedIsNotNorAreItsOwnChildren() {
        classes.add(A, true, List.of("Child"), List.of("Parent"));
        classes.add(B, true, List.of("Grandchild"), List.of("child"));
        classes.add(C, false, List.of("Parent"), List.of());
        assertEquals(Map.of(), classes.admitted(Set.of(A, B, C)));
    }

    @Test
    void aClassWhoseParentIsPreloadedIsAdmittedInWhateverOrder() {
        classes.add(A, true, List.of("Child"), List.of("Parent"));
        classes.add(B, true, List.of("Parent"), List.of());
        assertEquals(Set.of(A, B), classes.admitted(Set.of(A, B)).keySet());
    }

    @Test
    void aScriptWithoutAClassIsOfNoUse() {
        classes.add(A, true, List.of(), List.of());
        assertEquals(Map.of(), classes.admitted(Set.of(A)));
    }
}
