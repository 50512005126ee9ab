package dev.relais.executable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** See {@link ServiceFiles}: a new service file fails here until it is registered or stands there. */
class ServiceFilesTest {
    @TempDir
    Path temporary;

    @Test
    void eachIsRegisteredOrNotNeeded() throws IOException {
        assertEquals(List.of(), ServiceFiles.missing(ClassPath.here(), Registered.byRelais(), null));
    }

    @Test
    void oneThatNobodyRegistersIsFound() throws IOException {
        Path file = temporary.resolve("META-INF/services/io.netty.channel.NewHook");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "# new\ncom.example.Hook # one\n");
        assertEquals(
                List.of(
                        "the file of io.netty.channel.NewHook=[com.example.Hook]",
                        "the constructor of com.example.Hook"),
                ServiceFiles.missing(ClassPath.of(List.of(temporary)), Registered.byRelais(), null));
    }

    @Test
    void whatStandsInTheListsIsOnTheClassPath() throws IOException {
        Set<String> written = new TreeSet<>(ServiceFiles.NOT_NEEDED.keySet());
        written.addAll(ServiceFiles.BY_QUARKUS);
        assertEquals(ServiceFiles.BY_QUARKUS.size() + ServiceFiles.NOT_NEEDED.size(), written.size(), "one is in both");
        written.removeAll(ServiceFiles.on(ClassPath.here()).keySet());
        assertEquals(Set.of(), written);
    }

    @Test
    void whatRelaisRegistersIsThere() throws IOException {
        Set<String> names = new TreeSet<>();
        ClassPath.here().read(names::add, (name, bytes) -> {});
        Registered ours = Registered.byRelais();
        Set<String> gone = ours.types().stream()
                .filter(type -> !names.contains(type.replace('.', '/') + ".class"))
                .filter(type ->
                        !type.contains(".aarch64.") && !type.contains(".x86_64.")) // a jar of the other platform
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), gone);
        assertFalse(ours.patterns().isEmpty());
        for (String pattern : ours.patterns()) {
            assertTrue(names.stream().anyMatch(name -> name.matches(pattern)), "no file is matched by " + pattern);
        }
    }
}
