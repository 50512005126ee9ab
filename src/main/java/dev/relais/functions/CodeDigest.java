package dev.relais.functions;

import dev.relais.sites.LinkTargets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The contents of all PHP files of a directory and of {@code functions.yaml}, by their paths in it. Two directories with the same
 * contents have the same digests, on whatever machine and disk. A file is read again only when it looks different, or is said to have
 * changed. Confined to one thread.
 */
final class CodeDigest {
    /** What in a script, in small letters, says that it may ask for its answers to be kept, instead of only forbidding it. */
    private static final Pattern ASKING = Pattern.compile(
            "cache-control(?![\"' ]*(?::|=>|,)?[\"' ]*(?:no-store|no-cache|private))|s-maxage(?!=0)|max-age(?!=0)"
                    + "|set(?:shared)?maxage|expires:[ ]*['\"][ ]*\\.");

    private static final int DEEPEST = 64;

    /**
     * @param digest of the content
     * @param asks whether it names a field by which answers are asked to be kept
     */
    record Content(String digest, boolean asks) {}

    private record Known(Stamp stamp, Content content) {}

    private Map<Path, Known> known = new HashMap<>();

    /**
     * Reads what has changed. Blocks.
     *
     * @param directory that PHP reads
     * @param links where symlinks may lead, besides into the directory itself; real
     * @param doubtful whether a file has to be read again although it looks as before
     * @return by path in the directory, with slashes, sorted
     */
    TreeMap<String, Content> read(Path directory, List<Path> links, Set<String> ignored, Predicate<Path> doubtful)
            throws IOException {
        Walk walk = new Walk(directory.toRealPath(), links, ignored, doubtful);
        walk.folder(walk.root, "", 0);
        known = walk.next;
        return walk.found;
    }

    private final class Walk {
        private final Path root;
        private final List<Path> links;
        private final LeftOut ignored;
        private final Predicate<Path> doubtful;
        private final Set<Path> seen = new HashSet<>();
        private final Map<Path, Known> next = new HashMap<>();
        private final TreeMap<String, Content> found = new TreeMap<>();

        Walk(Path root, List<Path> links, Set<String> ignored, Predicate<Path> doubtful) {
            this.root = root;
            this.links = links;
            this.ignored = new LeftOut(root, ignored);
            this.doubtful = doubtful;
        }

        void folder(Path folder, String prefix, int depth) throws IOException {
            if (depth > DEEPEST || !seen.add(folder)) {
                return;
            }
            for (Path entry : DirectoryScan.list(folder)) {
                try {
                    if (!ignored.covers(entry)) {
                        look(entry, prefix + entry.getFileName(), depth);
                    }
                } catch (NoSuchFileException | AccessDeniedException e) {
                    // It was removed meanwhile, or PHP could not read it either.
                }
            }
        }

        private void look(Path entry, String name, int depth) throws IOException {
            Path real = entry;
            if (Files.isSymbolicLink(entry)) {
                real = entry.toRealPath();
                if (!real.startsWith(root) && !LinkTargets.within(real, links)) {
                    return;
                }
                // Which of two folders a link names is a part of the code, even where both are there.
                String target = real.startsWith(root) ? root.relativize(real).toString() : real.toString();
                found.put(name + " ->", new Content(target, false));
            }
            BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                folder(real, name + "/", depth + 1);
            } else if (attributes.isRegularFile()
                    && (real.toString().endsWith(FunctionNames.EXTENSION) || name.equals(SettingsFile.NAME))) {
                found.put(name, content(real, Stamp.of(attributes)));
            }
        }

        private Content content(Path file, Stamp stamp) throws IOException {
            Known before = known.get(file);
            Known now = before != null && before.stamp.equals(stamp) && !doubtful.test(file)
                    ? before
                    : new Known(stamp, digest(Files.readAllBytes(file)));
            next.put(file, now);
            return now.content;
        }
    }

    private static Content digest(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        return new Content(hex(sha256().digest(bytes)), ASKING.matcher(text).find());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest, 0, 8);
    }
}
