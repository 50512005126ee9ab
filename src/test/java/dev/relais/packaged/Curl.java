package dev.relais.packaged;

import dev.relais.testing.Patience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What Debian's curl printed, errors included, and its exit code. */
record Curl(String output, int exitCode) {
    static Curl run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "20"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        if (!process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new Curl(output, process.exitValue());
    }

    boolean has(String line) {
        return output.lines().anyMatch(line::equals);
    }
}
