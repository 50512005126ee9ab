package dev.relais.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Files of the source tree, and the classes in them. */
final class Sources {
    private static final Path MAIN = Path.of("src/main/java");

    private Sources() {}

    /** All Java files of the application, sorted. */
    static List<Path> main() throws IOException {
        return in(MAIN, ".java");
    }

    /** All files below a folder whose names end so, sorted. */
    static List<Path> in(Path folder, String end) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(end))
                    .sorted()
                    .toList();
        }
    }

    /** The one file of the application that has this name. */
    static Path named(String name) throws IOException {
        List<Path> found = main().stream()
                .filter(file -> file.getFileName().toString().equals(name))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(name + " is " + found);
        }
        return found.get(0);
    }

    /** The public or package-private class that a file of the application is about. */
    static Class<?> type(Path file) throws ClassNotFoundException {
        String name = MAIN.relativize(file).toString().replace('/', '.');
        return Class.forName(
                name.substring(0, name.length() - ".java".length()), false, Sources.class.getClassLoader());
    }

    /** What a pattern's first group finds in a file, in the order of the file. */
    static List<String> find(Path file, String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(file));
        return matcher.results().map(found -> found.group(1)).toList();
    }
}
