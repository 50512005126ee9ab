package dev.relais.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import org.awaitility.Awaitility;

/** A directory through which a test and a running script tell each other how far they are; any user may write to it. */
public final class Side implements AutoCloseable {
    private final Path directory;
    private final long begunMillis = System.currentTimeMillis();

    public Side() throws IOException {
        directory = Files.createTempDirectory("relais-side");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    /** For a query: {@code side=<directory>}. */
    public String query() {
        return "side=" + directory;
    }

    public Path path() {
        return directory;
    }

    /** Lets the scripts that wait for this gate go on. */
    public void open(String gate) throws IOException {
        Files.writeString(directory.resolve(gate), "");
    }

    public boolean has(String mark) {
        return Files.exists(directory.resolve(mark));
    }

    /** Whether the process that leaves this mark has written its number into it. */
    public boolean hasWhole(String mark) throws IOException {
        return has(mark) && Files.size(directory.resolve(mark)) > 0;
    }

    /** Whether a script has left this mark within this time, counted from when this directory was made. */
    public boolean hadWithin(String mark, Duration time) throws IOException {
        try {
            long left = Files.getLastModifiedTime(directory.resolve(mark)).toMillis();
            return left - begunMillis < time.toMillis();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /**
     * Waits until a script has left this mark.
     *
     * @return the process that left it
     */
    public long await(String mark) {
        return Long.parseLong(Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .until(() -> has(mark) ? Files.readString(directory.resolve(mark)) : "", text -> !text.isEmpty()));
    }

    /** Waits until no such process runs; zombies count as ended. */
    public static void awaitEnd(long pid) {
        Awaitility.await().pollInterval(Duration.ofMillis(10)).until(() -> !runs(pid));
    }

    /** Whether a process of this number is there and no zombie. */
    public static boolean runs(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        delete(directory);
    }

    public static void delete(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
