package dev.relais.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;
import org.junit.jupiter.api.Test;

class FpmLineTest {
    private static final String TIME = "[24-Nov-2026 03:41:35] ";

    @Test
    void levelsAreTheOperators() {
        assertEquals(
                new FpmLine(Level.DEBUG, 0, "[pool relais-0] child 12 started"),
                FpmLine.parse(TIME + "NOTICE: [pool relais-0] child 12 started"));
        assertEquals(
                Level.WARN,
                FpmLine.parse(
                                TIME
                                        + "WARNING: [pool relais-0] child 12 exited on signal 11 (SIGSEGV) after 1.2 seconds from start")
                        .level());
        assertEquals(
                Level.DEBUG,
                FpmLine.parse(
                                TIME
                                        + "WARNING: [pool relais-0] child 12 exited on signal 15 (SIGTERM) after 1.2 seconds from start")
                        .level());
        assertEquals(Level.ERROR, FpmLine.parse(TIME + "ALERT: oh").level());
        assertEquals(
                new FpmLine(Level.WARN, 0, "PHP Warning:  no such \\x1b[1m"),
                FpmLine.parse("PHP Warning:  no such \u001b[1m"));
    }

    @Test
    void whatAChildSaysIsUnwrapped() {
        String said = "WARNING: [pool relais-0] child 123 said into stderr: \"a \"quoted\" word\"";
        assertEquals(new FpmLine(Level.INFO, 123, "a \"quoted\" word"), FpmLine.parse(TIME + said));
        assertEquals(
                "a \"quoted\" word",
                FpmLine.parse(TIME + said + ", pipe is closed").text());
    }

    @Test
    void controlCharactersAreEscaped() {
        assertEquals(
                "a\\x0d\\x0ab\\x07\\x7f\\x9b\\u2028\tc \u00e9",
                FpmLine.escape("a\r\nb\u0007\u007f\u009b\u2028\tc \u00e9"));
    }

    @Test
    void longLinesAreCutAndAFailingListenerDoesNotStopTheReading() {
        List<String> said = new ArrayList<>();
        String log = TIME + "WARNING: [pool p] child 1 said into stderr: \"first\"\n" + "x".repeat(100_000) + "\n"
                + TIME + "NOTICE: ready to handle connections\n" + TIME
                + "WARNING: [pool p] child 2 said into stderr: \"last\"";
        FpmLog reader = new FpmLog(
                0,
                new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8)),
                (pid, text) -> {
                    said.add(pid + text);
                    throw new IllegalStateException("a listener's fault");
                },
                Logger.getLogger("dev.relais.php.test"));
        reader.run();
        assertEquals(List.of("1first", "2last"), said);
        assertTrue(reader.ready().toCompletableFuture().isDone());
        assertTrue(!reader.ready().toCompletableFuture().isCompletedExceptionally());
    }
}
