package dev.relais.debug;

import dev.relais.PlainFile;
import dev.relais.process.WorkerUser;
import dev.relais.worker.WorkerGroup;
import io.quarkus.runtime.configuration.MemorySize;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The profiles and traces in the folder that PHP writes into. PHP's user can make anything of any name there, so only files are taken that are
 * that user's own and no links; but all that has such a name counts for the bounds. Each method blocks. Any thread.
 */
final class KeptFiles {
    private static final Pattern NAME = Pattern.compile("(cachegrind\\.out|trace)\\.(\\d{1,9})\\.[0-9.]{1,24}(\\.xt)?");
    private static final String COMMAND = "cmd: ";
    private static final int FIRST_LINES = 8;

    /** What has the name of a profile or a trace, and is no folder. Whether it is one is not known. */
    private record Entry(String name, DebugMode mode, long bytes, Instant time, boolean complete) {}

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

    /** Those that the lanes of this group have written. Blocks. */
    static KeptFiles of(WorkerGroup group, LongPredicate running) {
        WorkerUser user = group.user();
        return new KeptFiles(LaneSettings.folder(group.runDirectory()), user.uid(), running);
    }

    /** Those that can be read, the newest first. */
    List<KeptFile> list() throws IOException {
        List<KeptFile> files = new ArrayList<>();
        for (Entry entry : entries()) {
            try (SeekableByteChannel file = open(entry.name)) {
                String script = entry.mode == DebugMode.PROFILE ? script(file) : null;
                files.add(new KeptFile(entry.name, entry.mode, script, file.size(), entry.time, entry.complete));
            } catch (IOException e) {
                // deleted meanwhile, none of PHP's, or odd, since a script made it: the others are listed all the same
            }
        }
        return files;
    }

    private List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return entries;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path file : all) {
                Entry entry = entry(file);
                if (entry != null) {
                    entries.add(entry);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        entries.sort(
                Comparator.comparing(Entry::time).thenComparing(Entry::name).reversed());
        return entries;
    }

    private @Nullable Entry entry(Path file) {
        String name = file.getFileName().toString();
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            return null;
        }
        try {
            BasicFileAttributes facts =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            DebugMode mode = parts.group(1).equals("trace") ? DebugMode.TRACE : DebugMode.PROFILE;
            boolean complete = !running.test(Long.parseLong(parts.group(2)));
            Instant time = facts.lastModifiedTime().toInstant();
            return facts.isDirectory() ? null : new Entry(name, mode, facts.size(), time, complete);
        } catch (IOException e) {
            return null; // deleted meanwhile
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
        SeekableByteChannel file = PlainFile.openNoLink(path); // which may be a pipe by now
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

    /** Deletes the oldest beyond the configured bounds, but none that still grows. */
    void bound(DebugLaneConfig config) throws IOException {
        MemorySize most = config.keptBytes();
        bound(config.keptFiles(), most.asLongValue());
    }

    /** Counts and deletes also what cannot be read. */
    void bound(int mostFiles, long mostBytes) throws IOException {
        int files = 0;
        long bytes = 0;
        for (Entry entry : entries()) {
            files++;
            bytes += entry.bytes;
            if (entry.complete && (files > mostFiles || bytes > mostBytes)) {
                Files.deleteIfExists(folder.resolve(entry.name));
                files--;
                bytes -= entry.bytes;
            }
        }
    }
}
