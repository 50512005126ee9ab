package dev.relais.executable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** See {@link StaticProperties}. {@code -Ddocs.write=true} writes the list anew. */
class StaticPropertiesTest {
    private static final Path LIST = Path.of("src/main/resources/dev/relais/system/fixed-properties.txt");

    private static Map<String, Set<String>> all;

    @BeforeAll
    static void find() throws IOException {
        all = StaticProperties.all();
    }

    @Test
    void whatIsReadWhenAnExecutableIsBuiltIsToldOfAtItsStart() throws IOException {
        List<String> fixed = List.copyOf(StaticProperties.fixed(all));
        if (Boolean.getBoolean("docs.write")) {
            Files.write(LIST, fixed);
        }
        assertEquals(fixed, Files.readAllLines(LIST));
    }

    @Test
    void thatListHasNamesOfPropertiesAlone() throws IOException {
        for (String name : Files.readAllLines(LIST)) {
            assertTrue(
                    name.matches("[a-z]+(\\.[A-Za-z0-9_-]+)+"), name + ": who reads it, and what is to be said of it?");
            assertFalse(name.startsWith("java"), name);
        }
    }

    @Test
    void noClassOfRelaisReadsAPropertyInAStaticInitialiser() {
        assertTrue(all.keySet().stream().noneMatch(type -> type.startsWith("dev.relais.")), all::toString);
    }

    @Test
    void whatStandsInTheListsIsStillRead() {
        Set<String> fixed = new TreeSet<>();
        all.forEach((type, names) -> {
            if (!StaticProperties.AT_START.contains(type)) {
                fixed.addAll(names);
                names.forEach(name -> fixed.add(type + "#" + name));
            }
        });
        Set<String> gone = new TreeSet<>(StaticProperties.EXCEPTIONS.keySet());
        gone.removeAll(fixed);
        assertEquals(Set.of(), gone);
        gone.addAll(StaticProperties.AT_START);
        gone.removeAll(all.keySet());
        assertEquals(Set.of(), gone);
    }

    /** The three ways in which code gets at a property, and the way from one class into another. */
    @Test
    void theSearchFindsWhatItIsFor() {
        assertTrue(all.get("io.netty.util.Recycler").contains("io.netty.recycler.ratio"), "by Netty's own reader");
        assertTrue(all.get("io.vertx.core.impl.VertxImpl").contains("vertx.nettyIORatio"), "by Integer.getInteger");
        assertTrue(all.get("io.netty.channel.MultithreadEventLoopGroup").contains("Runtime.availableProcessors"));
        assertTrue(
                all.get("io.quarkus.vertx.http.runtime.VertxHttpRecorder").contains("vertx.disableURIValidation"),
                "by the constructor of an anonymous class");
    }
}
