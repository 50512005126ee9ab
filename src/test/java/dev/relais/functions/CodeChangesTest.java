package dev.relais.functions;

import static dev.relais.functions.FunctionFixture.php;
import static dev.relais.functions.FunctionFixture.write;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes on a real disk are told, whatever came and went in the folder just before. */
class CodeChangesTest extends WatchedFunctions {
    private final List<CodeChange> told = new CopyOnWriteArrayList<>();

    @BeforeEach
    void watchCode() throws IOException {
        php(directory, "hello.php");
        start();
        functions.watchCode(told::add, () -> true);
        Path probe = directory.resolve("probe.php");
        eventually(() -> {
            write(probe, "<?php echo " + System.nanoTime() + ";");
            assertTrue(told.stream().anyMatch(change -> change.changed().contains(probe.toString())), "it follows");
        });
    }

    /** By rename, as a deployment does it; waits until it is told. */
    private void replace(Path file, String text) throws IOException {
        Path fresh = write(file.resolveSibling(".new"), text);
        told.clear();
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        eventually(() -> assertTrue(
                told.stream()
                        .anyMatch(change -> change.all() || change.changed().contains(file.toString())),
                () -> file + " is not told of: " + told));
    }

    @Test
    void aFileInAFolderThatHasJustComeIsToldOfEachTimeItChanges() throws IOException {
        for (int round = 0; round < 40; round++) {
            Path folder = Files.createDirectory(directory.resolve("changing"));
            Path part = write(folder.resolve("deep/part.php"), "<?php return 1;");
            replace(part, "<?php return 2;");
            replace(part, "<?php return 3;");
            Files.delete(part);
            Files.delete(folder.resolve("deep"));
            Files.delete(folder);
        }
    }

    @Test
    void aFileBehindASymlinkedFolderIsToldOf() throws IOException {
        for (int round = 0; round < 10; round++) {
            Path folder = Files.createDirectory(directory.resolve("packages"));
            Path link = Files.createSymbolicLink(directory.resolve("link"), folder);
            Path part = write(folder.resolve("part.php"), "<?php return 1;");
            replace(part, "<?php return 2;");
            Files.delete(part);
            Files.delete(folder);
            Files.delete(link);
        }
    }

    @Test
    void aScriptIsToldOfBeforeItsNewVersionIsPublished() throws IOException {
        Path script = directory.resolve("hello.php");
        AtomicReference<Boolean> before = new AtomicReference<>();
        refresh(); // so that the next to be published is this one, and not the probe
        functions.onChange(registry -> before.compareAndSet(
                null,
                told.stream()
                        .anyMatch(change -> change.all() || change.changed().contains(script.toString()))));
        replace(script, "<?php echo 'another one, of another size';");
        eventually(() -> assertNotNull(before.get()));
        assertTrue(before.get());
    }
}
