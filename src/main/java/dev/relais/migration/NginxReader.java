package dev.relais.migration;

import dev.relais.ConfigurationProblem;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a file for nginx, and those that it includes, into directives. Bounded in all that a file could make large. Not thread-safe. */
final class NginxReader {
    private static final int DEEPEST = 32;
    private static final int MOST_FILES = 200;
    private static final int MOST_DIRECTIVES = 50_000;
    private static final int MOST_BYTES = 4 * SourceFile.MOST_BYTES;

    /** What Debian's {@code snippets/fastcgi-php.conf} says, for where that file is not at hand. */
    private static final String FASTCGI_PHP = """
            fastcgi_split_path_info ^(.+?\\.php)(/.*)$;
            try_files $fastcgi_script_name =404;
            set $path_info $fastcgi_path_info;
            fastcgi_param PATH_INFO $path_info;
            fastcgi_index index.php;
            """;

    private final Path folder;
    private final Notes notes;
    private final Set<Path> open = new HashSet<>();
    private int files;
    private int bytes;
    private int directives;

    private NginxReader(Path folder, Notes notes) {
        this.folder = folder;
        this.notes = notes;
    }

    /**
     * Reads a file. Blocks.
     *
     * @param notes is told what was not read
     * @throws ConfigurationProblem when the file or one that it includes is no configuration of nginx
     */
    static List<Directive> read(Path file, Notes notes) {
        Path absolute = file.toAbsolutePath();
        NginxReader reader = new NginxReader(absolute.getParent() == null ? absolute : absolute.getParent(), notes);
        return reader.file(absolute, 0);
    }

    private List<Directive> file(Path path, int depth) {
        if (++files > MOST_FILES) {
            throw new ConfigurationProblem(
                    NginxWords.MODE, path, "includes more than " + MOST_FILES + " files", "name the file of one site");
        }
        Path real = real(path);
        if (!open.add(real)) {
            throw new ConfigurationProblem(NginxWords.MODE, path, "includes itself", "remove that include");
        }
        SourceFile source = SourceFile.read(NginxWords.MODE, path);
        bytes += source.text().length();
        if (bytes > MOST_BYTES) {
            throw new ConfigurationProblem(NginxWords.MODE, path, "too much in all", "name the file of one site");
        }
        List<Directive> read = block(source, new NginxWords(source), depth, false, 1);
        open.remove(real);
        return read;
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path.normalize(); // it is told why when it is read
        }
    }

    /** @param begin the line of the brace that opened the block */
    private List<Directive> block(SourceFile source, NginxWords words, int depth, boolean hasBrace, int begin) {
        if (depth > DEEPEST) {
            throw words.problem(begin, "more than " + DEEPEST + " blocks in each other", "name the file of one site");
        }
        List<Directive> block = new ArrayList<>();
        for (NginxWords.Word word = words.next(); word != null; word = words.next()) {
            if (word.is("}")) {
                if (!hasBrace) {
                    throw words.problem(word.line(), "a } that closes nothing", "remove it");
                }
                return block;
            }
            if (word.is(";") || word.is("{")) {
                throw words.problem(word.line(), "a " + word.text() + " without a directive", "write one before it");
            }
            if (++directives > MOST_DIRECTIVES) {
                throw words.problem(word.line(), "too many directives", "name the file of one site");
            }
            directive(source, words, word, depth, block);
        }
        if (hasBrace) {
            throw words.problem(begin, "the block has no end", "close it with }");
        }
        return block;
    }

    private void directive(
            SourceFile source, NginxWords words, NginxWords.Word name, int depth, List<Directive> block) {
        List<String> args = new ArrayList<>();
        StringBuilder text = new StringBuilder(name.text());
        while (true) {
            NginxWords.Word word = words.next();
            if (word == null || word.is("}")) {
                throw words.problem(name.line(), name.text() + " has no end", "end it with ;");
            }
            if (word.is(";") || word.is("{")) {
                Origin origin = new Origin(source.name(), name.line(), name.text(), text.toString());
                if (word.is(";") && name.text().equals("include") && args.size() == 1) {
                    include(origin, args.get(0), depth, block);
                    return;
                }
                block.add(new Directive(
                        name.text(), args, word.is("{") ? inner(source, words, name, depth) : null, origin));
                return;
            }
            args.add(word.text());
            text.append(' ').append(word.text());
        }
    }

    private List<Directive> inner(SourceFile source, NginxWords words, NginxWords.Word name, int depth) {
        if (name.text().endsWith("_by_lua_block")) {
            words.skipForeign(name.line());
            return List.of();
        }
        return block(source, words, depth + 1, true, name.line());
    }

    private void include(Origin origin, String pattern, int depth, List<Directive> block) {
        String name = pattern.substring(pattern.lastIndexOf('/') + 1);
        if (name.equals("mime.types")) {
            notes.needless(origin, "Relais knows the media types of files");
            return;
        }
        Set<Path> found = found(pattern);
        if (!found.isEmpty()) {
            found.forEach(path -> block.addAll(file(path, depth + 1)));
        } else if (name.equals("fastcgi-php.conf")) {
            SourceFile known = new SourceFile(name, FASTCGI_PHP);
            block.addAll(block(known, new NginxWords(known), depth, false, 1));
        } else if (name.equals("fastcgi.conf") || name.equals("fastcgi_params")) {
            notes.needless(origin, "Relais gives the variables of CGI");
        } else if (pattern.contains("*")) {
            notes.different(origin, "no such file is here, as nginx would take it, too");
        } else {
            notes.guard(origin, "the file is not here, so nothing is known of what it closes");
        }
    }

    /** nginx' folder of configuration is the file's own, or above it ({@code sites-available}, {@code conf.d}). */
    private Set<Path> found(String pattern) {
        Path base = folder;
        for (int i = 0; i < 3 && base != null; i++, base = base.getParent()) {
            Set<Path> found = matches(base, pattern);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return Set.of();
    }

    private static Set<Path> matches(Path base, String pattern) {
        Set<Path> found = new TreeSet<>();
        try {
            Path path = base.resolve(pattern);
            Path parent = path.getParent();
            if (!pattern.matches(".*[*?\\[].*")) {
                if (Files.exists(path)) {
                    found.add(path);
                }
            } else if (parent != null && !parent.toString().matches(".*[*?\\[].*") && Files.isDirectory(parent)) {
                matches(parent, path.getFileName(), found);
            }
        } catch (InvalidPathException | IOException e) {
            return Set.of();
        }
        return found;
    }

    private static void matches(Path parent, @Nullable Path name, Set<Path> found) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, String.valueOf(name))) {
            for (Path entry : entries) {
                if (Files.isRegularFile(entry)
                        && !entry.getFileName().toString().startsWith(".")) {
                    found.add(entry);
                }
                if (found.size() > MOST_FILES) {
                    return;
                }
            }
        }
    }
}
