package dev.relais.packaged;

import static org.awaitility.Awaitility.await;

import dev.relais.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * Runs the gateway out of an image, by the program that {@code -Drelais.test.container} names, which {@code src/bench/image --packaged} sets.
 * A test that cannot run so is aborted with the reason.
 *
 * @param pid where the program writes the number of the gateway's process, as this machine counts
 */
record Container(Path pid) {
    private static final String PROGRAM = System.getProperty("relais.test.container", "");
    /** Besides temporary files a container has this. */
    private static final Path PROJECT = Path.of("").toAbsolutePath();

    static boolean isUsed() {
        return !PROGRAM.isEmpty();
    }

    static Container create() throws IOException {
        return new Container(Files.createTempFile("relais-it-", ".pid"));
    }

    /** Ends the test when there is a container, unless it can do what this test needs. */
    static void needs(boolean possible, String reason) {
        Assumptions.assumeTrue(possible || !isUsed(), () -> "not in a container: " + reason);
    }

    /** Ends the test when a setting leads to a file of this machine that a container does not have. */
    static void needsFiles(Iterable<String> settings) {
        for (String value : settings) {
            for (String part : value.split(",")) {
                Path path = Path.of(part);
                needs(
                        !path.isAbsolute()
                                || !Files.exists(path)
                                || path.startsWith(System.getProperty("java.io.tmpdir"))
                                || path.startsWith(PROJECT),
                        "it has no " + part);
            }
        }
    }

    /** @param line of the launcher, and what follows it */
    List<String> command(List<String> line) {
        List<String> command = new ArrayList<>(List.of(PROGRAM, pid.toString()));
        command.addAll(line.subList(1, line.size()));
        return command;
    }

    /** The gateway's own process; the program's when that ended before there was one. */
    ProcessHandle gateway(Process program) {
        await().atMost(Patience.SECONDS, TimeUnit.SECONDS).until(() -> !number().isEmpty() || !program.isAlive());
        return number().isEmpty()
                ? program.toHandle()
                : ProcessHandle.of(Long.parseLong(number())).orElse(program.toHandle());
    }

    private String number() {
        try {
            return Files.readString(pid).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
