package dev.relais.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks of this package with the allocation profiler and writes {@code <result>.json} and {@code <result>.md}.
 *
 * <p>Arguments: the result's path without extension, then JMH's own; fork, warm-up and measurement have defaults here that JMH's
 * arguments override. Durations are nanoseconds per operation, allocations bytes per operation.
 */
public final class Benchmarks {
    private Benchmarks() {}

    public static void main(String[] args) throws IOException, RunnerException, CommandLineOptionException {
        Path result = Path.of(args[0]).toAbsolutePath();
        Files.createDirectories(result.getParent());
        CommandLineOptions given = new CommandLineOptions(Arrays.copyOfRange(args, 1, args.length));
        OptionsBuilder options = new OptionsBuilder();
        options.parent(given);
        options.mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .forks(given.getForkCount().orElse(2))
                .warmupIterations(given.getWarmupIterations().orElse(3))
                .warmupTime(given.getWarmupTime().orElse(TimeValue.seconds(1)))
                .measurementIterations(given.getMeasurementIterations().orElse(5))
                .measurementTime(given.getMeasurementTime().orElse(TimeValue.seconds(1)))
                .shouldFailOnError(true)
                .addProfiler(GCProfiler.class)
                .resultFormat(ResultFormatType.JSON)
                .result(result + ".json");
        Files.writeString(Path.of(result + ".md"), table(new Runner(options.build()).run()));
    }

    private static String table(Collection<RunResult> results) {
        return String.format(
                        "# JMH%n%nJava %s, %d cores%n%n| benchmark | parameters | ns/op | +- (99.9 %%) | B/op |%n"
                                + "| --- | --- | ---: | ---: | ---: |%n",
                        Runtime.version(), Runtime.getRuntime().availableProcessors())
                + results.stream().map(Benchmarks::row).collect(Collectors.joining());
    }

    private static String row(RunResult run) {
        var params = run.getParams();
        Result<?> time = run.getPrimaryResult();
        Result<?> bytes = run.getSecondaryResults().get("gc.alloc.rate.norm");
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.1f | %.1f | %.2f |%n",
                params.getBenchmark().replaceFirst(".*\\.(\\w+\\.\\w+)$", "$1"),
                params.getParamsKeys().stream()
                        .map(key -> key + "=" + params.getParam(key))
                        .collect(Collectors.joining(", ")),
                time.getScore(),
                time.getScoreError(),
                bytes == null ? Double.NaN : bytes.getScore());
    }
}
