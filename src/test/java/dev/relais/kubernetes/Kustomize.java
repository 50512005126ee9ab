package dev.relais.kubernetes;

import dev.relais.testing.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs kustomize 5, alone or as part of a kubectl that is new enough. */
final class Kustomize {
    private Kustomize() {}

    /** @return the resources, separated as YAML has it */
    static String build(Path folder) throws IOException {
        List<String> command = isThere("kustomize")
                ? List.of("kustomize", "build", folder.toString())
                : isThere("kubectl") ? List.of("kubectl", "kustomize", folder.toString()) : List.of();
        if (command.isEmpty()) {
            throw new AssertionError("neither kustomize nor kubectl is on PATH: .ci/setup test installs it");
        }
        Path out = Files.createTempFile("relais-kustomize-", ".yaml");
        Path errors = Files.createTempFile("relais-kustomize-", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(out.toFile())
                    .redirectError(errors.toFile())
                    .start();
            try {
                if (!process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError(command + " does not end");
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                process.destroyForcibly();
            }
            String said = Files.readString(errors);
            // A warning is a problem, too: it tells of what the next version refuses.
            if (process.exitValue() != 0 || !said.isBlank()) {
                throw new AssertionError(command + " ended with " + process.exitValue() + ": " + said);
            }
            return Files.readString(out);
        } finally {
            Files.delete(out);
            Files.delete(errors);
        }
    }

    private static boolean isThere(String program) {
        for (String folder : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }
}
