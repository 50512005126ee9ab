package dev.relais.executable;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Folders and jars with classes. Immutable. */
public final class ClassPath {
    private final List<Path> entries;

    private ClassPath(List<Path> entries) {
        this.entries = entries;
    }

    /** What Relais runs with: its own classes, and the jars of the class path. What belongs to the tests alone may be among them. */
    static ClassPath here() {
        return of(Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> !path.endsWith("test-classes"))
                .toList());
    }

    /** @param entries what is neither a folder nor a jar is passed over */
    public static ClassPath of(List<Path> entries) {
        return new ClassPath(entries);
    }

    /**
     * Reads files out of every entry.
     *
     * @param wanted by the name below the root, such as {@code META-INF/services/java.util.function.Supplier}
     * @param reader gets the name and the bytes
     */
    public void read(Predicate<String> wanted, BiConsumer<String, byte[]> reader) throws IOException {
        for (Path entry : entries) {
            if (Files.isDirectory(entry)) {
                readFolder(entry, wanted, reader);
            } else if (entry.toString().endsWith(".jar")) {
                readJar(entry, wanted, reader);
            }
        }
    }

    private static void readFolder(Path folder, Predicate<String> wanted, BiConsumer<String, byte[]> reader)
            throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            String name = folder.relativize(file).toString();
            if (wanted.test(name)) {
                reader.accept(name, Files.readAllBytes(file));
            }
        }
    }

    private static void readJar(Path jar, Predicate<String> wanted, BiConsumer<String, byte[]> reader)
            throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            file.stream()
                    .filter(entry -> !entry.isDirectory() && wanted.test(entry.getName()))
                    .forEach(entry -> reader.accept(entry.getName(), bytes(file, entry)));
        }
    }

    private static byte[] bytes(JarFile jar, JarEntry entry) {
        try (InputStream in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
