package dev.relais.packaged;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Patience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A run of the packaged program that ends by itself, in one of its modes, and what has come of it. */
record ProgramRun(int exit, String out, String err) {
    /**
     * Calls the launcher, or the executable, and waits for its end.
     *
     * @param folder the working directory
     * @param words options of java, and then the arguments
     */
    static ProgramRun in(Path folder, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(PackagedGateway.program().toString()));
        command.addAll(PackagedGateway.coverage());
        if (!PackagedGateway.isExecutable()) {
            command.add("-Xshare:off"); // with an agent java would warn that it cannot share all classes
        }
        command.addAll(List.of(words));
        Path out = Files.createTempFile("relais-run-", ".out");
        Path err = Files.createTempFile("relais-run-", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            Process process = builder.start();
            assertTrue(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS), "still running");
            return new ProgramRun(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
