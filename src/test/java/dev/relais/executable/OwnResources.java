package dev.relais.executable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of the class path that are Relais' own and that a running Relais may read. */
public final class OwnResources {
    private static final Path RESOURCES = Path.of("src/main/resources");

    private OwnResources() {}

    /** Their names below the root of the class path, such as {@code dev/relais/console/main.js}; without what Quarkus or the builder reads. */
    public static Set<String> all() throws IOException {
        try (Stream<Path> files = Files.walk(RESOURCES)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> RESOURCES.relativize(file).toString())
                    .filter(name -> !name.startsWith("META-INF/") && !name.equals("application.properties"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
