package dev.relais.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One Markdown page of the repository, as it is now.
 *
 * @param file from the top of the repository
 */
record Page(Path file, String text) {
    static final Path DOCUMENTS = Path.of("src/docs");

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)(?: \"[^\"]*\")?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *#* *$");

    static Page of(Path file) {
        try {
            return new Page(file, Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Page of(String name) {
        return of(DOCUMENTS.resolve(name));
    }

    /** The pages that people read and that link to each other. */
    static List<Page> all() {
        List<Page> pages = new ArrayList<>();
        for (String name : List.of("README.md", "CHANGELOG.md", "src/bench/README.md")) {
            pages.add(of(Path.of(name)));
        }
        try (Stream<Path> files = Files.list(DOCUMENTS)) {
            files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(file -> pages.add(of(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return pages;
    }

    /** The targets of its links and pictures, as they are written. */
    List<String> links() {
        List<String> targets = new ArrayList<>();
        Matcher link = LINK.matcher(withoutCode());
        while (link.find()) {
            targets.add(link.group(1));
        }
        return targets;
    }

    /** The anchors of its headings, as GitHub makes them. */
    Set<String> anchors() {
        Set<String> anchors = new HashSet<>();
        Matcher heading = HEADING.matcher(withoutFences());
        while (heading.find()) {
            String plain = heading.group(1).replaceAll("!?\\[([^\\]]*)\\]\\([^)]*\\)", "$1");
            String anchor =
                    plain.toLowerCase().replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
            String unique = anchor;
            for (int i = 1; !anchors.add(unique); i++) {
                unique = anchor + "-" + i;
            }
        }
        return anchors;
    }

    private String withoutFences() {
        return text.replaceAll("(?ms)^```.*?^```$", "");
    }

    private String withoutCode() {
        return withoutFences().replaceAll("`[^`\n]*`", "");
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
