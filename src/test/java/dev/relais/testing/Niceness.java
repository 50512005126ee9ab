package dev.relais.testing;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The niceness of processes and threads, as Linux tells it in {@code /proc}. */
public final class Niceness {
    private static final int FIELD = 19; // proc(5)

    private Niceness() {}

    /** @param directory of a process, or of a thread */
    public static int of(Path directory) throws IOException {
        String stat = Files.readString(directory.resolve("stat"));
        // The second field is a name, which may hold blanks.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Integer.parseInt(fields[FIELD - 3]);
    }

    public static Path ownThread() throws IOException {
        return Path.of("/proc").resolve(Files.readSymbolicLink(Path.of("/proc/thread-self")));
    }

    /** The thread of this JVM whose name begins so: the kernel keeps 15 letters. */
    public static Path thread(String name) throws IOException {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                if (Files.readString(thread.resolve("comm"))
                        .strip()
                        .equals(name.substring(0, Math.min(15, name.length())))) {
                    return thread;
                }
            }
        }
        throw new IOException("no thread " + name);
    }

    /** Makes a thread nicer; without privileges that cannot be taken back. */
    public static void add(Path thread, int more) throws IOException, InterruptedException {
        String number = thread.getFileName().toString();
        Process renice = new ProcessBuilder("renice", "-n", Integer.toString(of(thread) + more), "-p", number)
                .redirectErrorStream(true)
                .start();
        String said = new String(renice.getInputStream().readAllBytes());
        if (renice.waitFor() != 0) {
            throw new IOException(said);
        }
    }
}
