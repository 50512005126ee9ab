package dev.relais.worker;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A short command run to its end with a deadline: {@code id}, {@code getconf}, {@code php-fpm -v}. Blocks the caller's thread. */
final class Command {
    private final ProcessStarter starter;
    private final Duration deadline;

    Command(ProcessStarter starter, Duration deadline) {
        this.starter = starter;
        this.deadline = deadline;
    }

    /**
     * What a command left behind.
     *
     * @param exit its exit status; -1 when it could not be started, -2 when the deadline ended it
     * @param output its standard output and error, in order, without the white space around; never null
     */
    record Result(int exit, String output) {
        boolean ok() {
            return exit == 0;
        }
    }

    /** Runs with the gateway's own environment. */
    Result run(List<String> command) {
        return run(new ProcessBuilder(command));
    }

    /** Runs with exactly this environment. */
    Result run(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return run(builder);
    }

    private Result run(ProcessBuilder builder) {
        builder.redirectErrorStream(true);
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        Process process;
        try {
            process = starter.start(builder);
        } catch (IOException e) {
            return new Result(-1, String.valueOf(e.getMessage()));
        }
        try {
            // What these commands say fits the pipe (64 KiB); one that says more runs into the deadline.
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                return new Result(-2, "no answer within " + deadline.toMillis() + " ms");
            }
            return new Result(process.exitValue(), output(process));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result(-2, "interrupted");
        } finally {
            process.destroyForcibly();
        }
    }

    /** Only what is there: reading to the end would wait for any process the command left behind with the same pipe. */
    private static String output(Process process) {
        try (InputStream in = process.getInputStream()) {
            return new String(in.readNBytes(in.available()), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
