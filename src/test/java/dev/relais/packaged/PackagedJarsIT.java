package dev.relais.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** What Quarkus has packaged. */
class PackagedJarsIT {
    /**
     * Quarkus keeps the classes that it changes in a jar of their own, in the order of the absolute paths of the jars that they come from.
     * Where ours is among these, the package has other bytes in another place: a clone below {@code /tmp} comes behind the Maven repository
     * below {@code /root}, one below {@code /home} before it.
     */
    @Test
    void noClassOfOursIsChangedByQuarkus() throws IOException {
        assumeFalse(PackagedGateway.isExecutable(), "an executable has no jars");
        Path jars = PackagedGateway.application().resolveSibling("quarkus");
        try (ZipFile changed =
                new ZipFile(jars.resolve("transformed-bytecode.jar").toFile())) {
            List<String> ours = changed.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.startsWith("dev/relais/") && name.endsWith(".class"))
                    .toList();
            assertEquals(List.of(), ours, "use @Singleton, which needs no constructor without parameters");
        }
    }
}
