package dev.relais.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NativeExecutableTest {
    private static final String FIXED = "io.netty.recycler.ratio";

    @Test
    void propertiesThatWereReadWhenItWasBuiltArePassedOver() {
        assertEquals(
                Set.of(FIXED),
                NativeExecutable.passedOver(Set.of(FIXED, "quarkus.http.port", "java.io.tmpdir"), Map.of()));
    }

    @Test
    void variablesOfAJvmArePassedOverUnlessTheyAreEmpty() {
        assertEquals(
                Set.of("JAVA_OPTS"),
                NativeExecutable.passedOver(
                        Set.of(), Map.of("JAVA_OPTS", "-Xmx1g", "JAVA_TOOL_OPTIONS", " ", "JAVA_HOME", "/usr")));
    }
}
