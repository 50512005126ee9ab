package dev.relais.accesslog;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import dev.relais.output.BoundedQueue;
import dev.relais.output.QueueWriter;
import dev.relais.telemetry.AccessLogMeters.Reason;
import dev.relais.telemetry.Meters;
import dev.relais.telemetry.Timeline;
import dev.relais.testing.LogLines;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way from an invocation's end into the log. */
class LogWriterTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicLong nanos = new AtomicLong();

    @TempDir
    Path folder;

    private AccessLog log(Map<String, String> settings) {
        AccessLogConfig config = new SmallRyeConfigBuilder()
                .withMapping(AccessLogConfig.class)
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(AccessLogConfig.class);
        return new AccessLog(config, Meters.ofAccessLog(registry), () -> Entries.NOW, nanos::get);
    }

    private AccessLog toFile(Path file) {
        return log(Map.of("relais.access-log.format", "$status", "relais.access-log.file", file.toString()));
    }

    private double dropped(String reason) {
        return registry.get("relais.access.log.dropped")
                .tag("reason", reason)
                .counter()
                .count();
    }

    @Test
    void eachInvocationHasALineAndTheLastOnesAreWrittenAtTheStop() throws IOException {
        Path file = folder.resolve("log");
        AccessLog log = toFile(file);
        log.start();
        for (int status : new int[] {200, 404, 499}) {
            log.ended(new Entries().ended(status));
        }
        await().until(() -> Files.readAllLines(file).equals(List.of("200", "404", "499")));
        log.ended(new Entries().ended(503));
        log.stop();
        assertEquals(List.of("200", "404", "499", "503"), Files.readAllLines(file));
    }

    @Test
    void aRenamedFileIsLeftWhenItIsReopened() throws IOException {
        Path file = folder.resolve("log");
        AccessLog log = toFile(file);
        log.start();
        Files.move(file, folder.resolve("old"));
        assertTrue(log.reopen());
        await().until(() -> Files.exists(file));
        log.ended(new Entries().ended(200));
        log.stop();
        assertEquals(List.of("200"), Files.readAllLines(file));
    }

    @Test
    void whatIsOffAsksNothingOfAnInvocation() {
        AccessLog log = log(Map.of());
        log.start();
        log.ended(new Timeline(null, 0)); // which has no request that could be asked
        assertFalse(log.reopen());
        log.stop();
    }

    @Test
    void aFileThatCannotBeMadeStopsTheStart() {
        AccessLog log = toFile(folder.resolve("none/log"));
        ConfigurationProblem problem = assertThrows(ConfigurationProblem.class, log::start);
        assertTrue(problem.getMessage().startsWith("relais.access-log.file=" + folder), problem.getMessage());
    }

    @Test
    void aFileBesideSyslogIsRefused() {
        assertThrows(
                ConfigurationProblem.class,
                () -> log(Map.of("relais.access-log.file", "a", "relais.access-log.syslog", "/dev/log")));
    }

    /** A sink that takes nothing holds up its own thread alone, and no more memory is taken than may be. */
    @Test
    void whatDoesNotFitIsDroppedAndToldOnce() throws Exception {
        BoundedQueue<Entry> queue = new BoundedQueue<>(64 << 10, Entry::bytes);
        Losses losses = new Losses(Meters.ofAccessLog(registry), nanos::get);
        LineFormat format = LineFormats.of("$status");
        CountDownLatch reads = new CountDownLatch(1);
        AtomicInteger lines = new AtomicInteger();
        LineOutput output = new LineOutput(format, new Stalled(reads, lines), losses);
        QueueWriter<Entry> writer = new QueueWriter<>("writer", queue, output, Duration.ofMillis(50));
        try (LogLines told = new LogLines()) {
            writer.start().get();
            int taken = 0;
            for (int i = 0; i < 1_000; i++) {
                if (queue.offer(new Entries().end(200, format))) {
                    taken++;
                } else {
                    losses.lost(Reason.BUFFER, 1, "full");
                }
            }
            assertTrue(taken < 300, "taken: " + taken);
            assertEquals(1_000 - taken, dropped("buffer"));
            assertEquals(
                    1,
                    told.lines()
                            .filter(line -> line.startsWith("Access log loses lines"))
                            .count());
            assertFalse(writer.stop(Duration.ofMillis(20)));
            reads.countDown();
            int all = taken;
            await().until(() -> lines.get() == all);
            assertTrue(writer.stop(Duration.ofMinutes(1)));
        }
    }

    @Test
    void theEndOfLossesIsToldWhenNoneWereForAWhile() {
        Losses losses = new Losses(Meters.ofAccessLog(registry), nanos::get);
        try (LogLines told = new LogLines()) {
            losses.lost(Reason.WRITE, 3, "full");
            losses.settle();
            nanos.addAndGet(Duration.ofSeconds(9).toNanos());
            losses.lost(Reason.WRITE, 4, "full");
            nanos.addAndGet(Duration.ofSeconds(9).toNanos());
            losses.settle();
            assertEquals(
                    List.of("Access log loses lines: cause=full"), told.lines().toList());
            nanos.addAndGet(Duration.ofSeconds(2).toNanos());
            losses.settle();
            assertEquals(
                    List.of("Access log loses lines: cause=full", "Access log is whole again: lost=7"),
                    told.lines().toList());
        }
        assertEquals(7, dropped("write"));
    }

    /** Takes a line only when it may. */
    private record Stalled(CountDownLatch reads, AtomicInteger lines) implements Sink {
        @Override
        public void open() {}

        @Override
        public void add(Line line) {
            try {
                reads.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            lines.incrementAndGet();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
