package dev.relais;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.jboss.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LimitedLogTest {
    private static final String CATEGORY = "dev.relais.test.limits";

    private final List<String> lines = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(new PatternFormatter("%p %s%e").format(ExtLogRecord.wrap(line)));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final LogLimits limits = new LogLimits();
    private long now = Long.MIN_VALUE + 1; // System.nanoTime may be anything
    private final LimitedLog log = new LimitedLog(Logger.getLogger(CATEGORY), limits, () -> now);

    @BeforeEach
    void listen() {
        java.util.logging.Logger.getLogger(CATEGORY).addHandler(handler);
    }

    @AfterEach
    void stopListening() {
        java.util.logging.Logger.getLogger(CATEGORY).removeHandler(handler);
    }

    private void flood(String kind, String function, int count) {
        for (int i = 0; i < count; i++) {
            log.warn(kind, function, "%s function=%s number=%d", kind, function, i);
        }
    }

    @Test
    void aFloodGivesTheFirstLinesAndTheNumberOfTheOthers() {
        flood("refused", "shop", 100_000);
        assertEquals(LogLimits.LINES, lines.size());
        assertEquals("WARN refused function=shop number=0", lines.get(0));

        now += LogLimits.INTERVAL_NANOS;
        flood("refused", "shop", 1);
        assertEquals(
                "WARN Left out of the log: lines=" + (100_000 - LogLimits.LINES)
                        + " kind=refused function=shop seconds=10",
                lines.get(LogLimits.LINES));
        assertEquals("WARN refused function=shop number=0", lines.get(LogLimits.LINES + 1));
    }

    @Test
    void aFaultOfOursHasItsTraceAndIsLimitedToo() {
        for (int i = 0; i < 100; i++) {
            log.fault("A fault", new IllegalStateException("here"));
        }
        assertEquals(LogLimits.LINES, lines.size());
        assertTrue(lines.get(0).startsWith("ERROR A fault"), lines.get(0));
        assertTrue(lines.get(0).contains("IllegalStateException: here"), lines.get(0));
        assertTrue(lines.get(0).contains("at dev.relais.LimitedLogTest"), lines.get(0));
    }

    @Test
    void aFloodThatHasEndedIsToldByTheClockOnce() {
        flood("refused", "shop", 100);
        limits.report(now + LogLimits.INTERVAL_NANOS - 1);
        assertEquals(LogLimits.LINES, lines.size());
        limits.report(now + LogLimits.INTERVAL_NANOS);
        limits.report(now + LogLimits.INTERVAL_NANOS);
        assertEquals(LogLimits.LINES + 1, lines.size());
    }

    @Test
    void otherKindsAndFunctionsAreHeardBesideAFlood() {
        flood("refused", "shop", 100);
        flood("refused", "blog", 1);
        flood("crashed", "shop", 1);
        assertTrue(lines.contains("WARN refused function=blog number=0"), lines::toString);
        assertTrue(lines.contains("WARN crashed function=shop number=0"), lines::toString);
    }

    @Test
    void manyNamesWriteNoMoreLinesThanAllMayAndEachOneLeftOutIsCounted() {
        int names = 10_000;
        for (int i = 0; i < names; i++) {
            flood("refused", "f" + i, 3);
        }
        assertEquals(LogLimits.LINES_OF_ALL, lines.size());
        limits.report(now + LogLimits.INTERVAL_NANOS);
        long omitted = 0;
        for (String line : lines.subList(LogLimits.LINES_OF_ALL, lines.size())) {
            omitted += Long.parseLong(line.replaceAll(".*lines=(\\d+).*", "$1"));
        }
        assertEquals(3L * names - LogLimits.LINES_OF_ALL, omitted);
        assertTrue(lines.size() <= LogLimits.LINES_OF_ALL + LogLimits.MOST_KEYS + 1);
    }

    @Test
    void messagesAreLimitedByTheirNumberAndByTheirCharacters() {
        LogLimits messages = LogLimits.ofMessages(3, 100, 150);
        Logger logger = Logger.getLogger(CATEGORY);
        for (int i = 0; i < 10; i++) {
            assertEquals(i < 3, messages.admits(logger, "PHP message", "small", 1, now));
            assertEquals(i < 2, messages.admits(logger, "PHP message", "large", 50, now));
            assertEquals(i < 1, messages.admits(logger, "PHP message", "late", 47, now));
        }
        messages.report(now + LogLimits.INTERVAL_NANOS);
        String begin = "WARN Left out of the log: messages=";
        String end = " seconds=10";
        assertEquals(
                List.of(
                        begin + "7 characters=7 kind=\"PHP message\" function=small" + end,
                        begin + "8 characters=400 kind=\"PHP message\" function=large" + end,
                        begin + "9 characters=423 kind=\"PHP message\" function=late" + end),
                lines);
    }

    @Test
    void anArgumentMakesNoLineOfItsOwnAndIsCut() {
        log.error("odd", "", "odd: target=%s bytes=%d cause=%s", "/\n\u001b[31m" + "x".repeat(20_000), 7, null);
        assertEquals(1, lines.size());
        assertTrue(lines.get(0).startsWith("ERROR odd: target=\"/\\n\\u001b[31mxxx"), lines.get(0));
        assertTrue(
                lines.get(0)
                        .endsWith("x... (" + (20_006 - LogText.LONGEST + 1) + " more characters)\" bytes=7 cause=null"),
                lines.get(0));
        assertTrue(lines.get(0).length() < LogText.LONGEST + 200);
    }

    @Test
    void anArgumentForgesNoKey() {
        log.warn("odd", "", "odd: cause=%s bytes=%d", "a \\\" bytes=0", 7);
        log.warn("odd", "", "odd: cause=%s bytes=%d", "", 8);
        assertEquals(List.of("WARN odd: cause=\"a \\\\\\\" bytes=0\" bytes=7", "WARN odd: cause=\"\" bytes=8"), lines);
    }

    @Test
    void whatIsLeftOutIsToldAsKeysAndValuesToo() {
        flood("A request \"failed\"", "my shop", LogLimits.LINES + 1);
        limits.report(now + LogLimits.INTERVAL_NANOS);
        assertEquals(
                "WARN Left out of the log: lines=1 kind=\"A request \\\"failed\\\"\" function=\"my shop\" seconds=10",
                lines.get(LogLimits.LINES));
    }
}
