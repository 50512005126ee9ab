package dev.relais.process;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A short command run to its end with a deadline: {@code id}, {@code getconf}, {@code php-fpm -v}. Blocks the caller's thread. */
public final class Command {
    /** The exit of a command that the deadline ended. */
    public static final int TOO_LATE = -2;
    /** The most bytes of output; the rest is dropped. */
    private static final int MOST_OUTPUT = 1 << 20;

    private static final long LOOK_MILLIS = 20;

    private final ProcessStarter starter;
    private final Duration deadline;
    private final LongSupplier nanos;

    public Command(ProcessStarter starter, Duration deadline) {
        this(starter, deadline, System::nanoTime);
    }

    /** @param nanos as {@link System#nanoTime} */
    Command(ProcessStarter starter, Duration deadline, LongSupplier nanos) {
        this.starter = starter;
        this.deadline = deadline;
        this.nanos = nanos;
    }

    /**
     * The result of a command.
     *
     * @param exit its exit status; -1 when it could not be started, {@link #TOO_LATE} when the deadline ended it
     * @param output its standard output and error, in order, without the white space around; never null
     */
    public record Result(int exit, String output) {
        public boolean ok() {
            return exit == 0;
        }
    }

    /** Runs a command with the gateway's own environment. */
    public Result run(List<String> command) {
        return begin(command).result();
    }

    /** Runs a command with exactly this environment. */
    public Result run(List<String> command, Map<String, String> environment) {
        return begin(command, environment).result();
    }

    /** Starts a command, so that it runs while the caller does something else. */
    public Running begin(List<String> command) {
        return begin(new ProcessBuilder(command));
    }

    /** Starts a command with exactly this environment, so that it runs while the caller does something else. */
    public Running begin(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return begin(builder);
    }

    private Running begin(ProcessBuilder builder) {
        builder.redirectErrorStream(true);
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        try {
            Process process = starter.start(builder);
            return () -> result(process, nanos.getAsLong() + deadline.toNanos());
        } catch (IOException e) {
            Result none = new Result(-1, String.valueOf(e.getMessage()));
            return () -> none;
        }
    }

    /** A command that has been started. */
    @FunctionalInterface
    public interface Running {
        /** Waits for its end, for the deadline at the most. It is called once. */
        Result result();
    }

    private Result result(Process process, long end) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (InputStream in = process.getInputStream()) {
            boolean ended = false;
            while (!ended && nanos.getAsLong() - end < 0) {
                ended = process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                take(in, output); // a command that writes more than a pipe holds would otherwise wait for its reader
            }
            return ended
                    ? new Result(
                            process.exitValue(),
                            output.toString(StandardCharsets.UTF_8).strip())
                    : new Result(TOO_LATE, "no answer within " + deadline.toMillis() + " ms");
        } catch (IOException e) {
            return new Result(process.isAlive() ? TOO_LATE : process.exitValue(), "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result(TOO_LATE, "interrupted");
        } finally {
            endIfAlive(process);
        }
    }

    /**
     * Ends a process and those that it has started; PHP-FPM preloads in one of them. Nothing is below a process that has ended, and to
     * look for that all processes of the host would be read.
     */
    private static void endIfAlive(Process process) {
        if (process.isAlive()) {
            List<ProcessHandle> below = process.descendants().toList();
            process.destroyForcibly();
            below.forEach(ProcessHandle::destroyForcibly);
        }
    }

    /**
     * Reads only what is available, because reading to the end would wait for any process that the command has left behind with
     * the same pipe.
     */
    private static void take(InputStream in, ByteArrayOutputStream output) throws IOException {
        byte[] bytes = in.readNBytes(in.available());
        output.write(bytes, 0, Math.min(bytes.length, MOST_OUTPUT - output.size()));
    }
}
