package dev.relais.debug;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The profiles and traces in the folder that PHP writes into. PHP's user can make anything of any name there, so only files are taken that are
 * that user's own and no links. Each method blocks. Any thread.
 */
final class KeptFiles {
    private static final Pattern NAME = Pattern.compile("(cachegrind\\.out|trace)\\.(\\d{1,9})\\.[0-9.]{1,24}(\\.xt)?");
    private static final String COMMAND = "cmd: ";
    private static final int FIRST_LINES = 8;

    private final Path folder;
    private final int owner;
    private final LongPredicate running;

    /**
     * @param owner the number of PHP's user
     * @param running whether a process of this id runs something that is debugged, so that its file may grow
     */
    KeptFiles(Path folder, int owner, LongPredicate running) {
        this.folder = folder;
        this.owner = owner;
        this.running = running;
    }

    /** Those that there are, the newest first. */
    List<KeptFile> list() throws IOException {
        List<KeptFile> files = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return files;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path file : all) {
                KeptFile kept = look(file.getFileName().toString());
                if (kept != null) {
                    files.add(kept);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        files.sort(Comparator.comparing(KeptFile::time)
                .thenComparing(KeptFile::name)
                .reversed());
        return files;
    }

    private @Nullable KeptFile look(String name) throws IOException {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            return null;
        }
        DebugMode mode = parts.group(1).equals("trace") ? DebugMode.TRACE : DebugMode.PROFILE;
        try (SeekableByteChannel file = open(name)) {
            Instant time = Files.getLastModifiedTime(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)
                    .toInstant();
            boolean complete = !running.test(Long.parseLong(parts.group(2)));
            return new KeptFile(
                    name, mode, mode == DebugMode.PROFILE ? script(file) : null, file.size(), time, complete);
        } catch (NoSuchFileException e) {
            return null; // deleted meanwhile, or none of PHP's
        }
    }

    private static @Nullable String script(SeekableByteChannel file) throws IOException {
        BoundedLines lines = new BoundedLines(Channels.newInputStream(file));
        for (int i = 0; i < FIRST_LINES; i++) {
            String line = lines.next();
            if (line == null || line.startsWith(COMMAND)) {
                return line == null ? null : line.substring(COMMAND.length());
            }
        }
        return null;
    }

    /** @throws NoSuchFileException when there is no such file of PHP's user */
    SeekableByteChannel open(String name) throws IOException {
        Path path = folder.resolve(name);
        if (!NAME.matcher(name).matches() || !isOwn(path)) {
            throw new NoSuchFileException(name);
        }
        SeekableByteChannel file =
                Files.newByteChannel(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        if (!isOwn(path)) {
            file.close();
            throw new NoSuchFileException(name);
        }
        return file;
    }

    private boolean isOwn(Path path) throws IOException {
        Map<String, Object> facts =
                Files.readAttributes(path, "unix:uid,nlink,isRegularFile", LinkOption.NOFOLLOW_LINKS);
        return Boolean.TRUE.equals(facts.get("isRegularFile"))
                && Integer.valueOf(owner).equals(facts.get("uid"))
                && Integer.valueOf(1).equals(facts.get("nlink"));
    }

    /** Deletes the oldest beyond these bounds, but none that still grows. */
    void bound(int mostFiles, long mostBytes) throws IOException {
        int files = 0;
        long bytes = 0;
        for (KeptFile file : list()) {
            files++;
            bytes += file.bytes();
            if (file.complete() && (files > mostFiles || bytes > mostBytes)) {
                Files.deleteIfExists(folder.resolve(file.name()));
                files--;
                bytes -= file.bytes();
            }
        }
    }
}
