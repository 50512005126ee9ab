package dev.relais.fpm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.process.ChildExit;
import dev.relais.process.ChildOutput;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

class FpmLogTest {
    private static final String TIME = "[24-Nov-2026 03:41:35] ";

    private final List<String> said = new ArrayList<>();
    private final List<Long> ended = new ArrayList<>();
    private long leftOut;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private boolean failing;

    private static String line(int child, String text) {
        return TIME + "WARNING: [pool p] child " + child + " said into stderr: \"" + text + "\"";
    }

    private void add(String line) {
        log.writeBytes((line + '\n').getBytes(StandardCharsets.UTF_8));
    }

    private FpmLog read() {
        ChildOutput output = new ChildOutput() {
            @Override
            public void line(long pid, String text, boolean logged) {
                said.add(pid + text);
                if (failing) {
                    throw new IllegalStateException("a listener's fault");
                }
            }

            @Override
            public void leftOut(long pid, long bytes) {
                leftOut += bytes;
            }

            @Override
            public void ended(ChildExit exit) {
                ended.add(exit.pid());
            }
        };
        FpmLog reader = new FpmLog(
                0,
                new ByteArrayInputStream(log.toByteArray()),
                output,
                pid -> {},
                Logger.getLogger("dev.relais.php.test"));
        reader.run();
        return reader;
    }

    @Test
    void aFailingListenerAndAStrangeLineDoNotStopTheReading() {
        failing = true;
        add(line(1, "first"));
        add("x".repeat(100_000));
        add("");
        add(TIME + "NOTICE: ready to handle connections");
        log.writeBytes(line(2, "last").getBytes(StandardCharsets.UTF_8)); // without an end
        FpmLog reader = read();
        assertEquals(List.of("1first", "2last"), said);
        assertTrue(reader.ready().toCompletableFuture().isDone());
        assertFalse(reader.ready().toCompletableFuture().isCompletedExceptionally());
    }

    @Test
    void aLineOf256KiBIsWhole() {
        String whole = "\u00e4".repeat(128 << 10);
        add(line(1, whole));
        read();
        assertEquals(List.of("1" + whole), said);
    }

    @Test
    void aLineThatFpmHasBrokenIsOneAndTheRestIsCounted() {
        String full = "x".repeat(FpmConfigFile.LOG_LIMIT - 1 - line(7, "").length());
        add(line(7, full));
        add(line(7, full));
        add(line(7, "the end"));
        add(line(7, "next"));
        add(line(8, full));
        add(line(7, "another child's"));
        read();
        assertEquals(4, said.size());
        assertTrue(said.get(0).startsWith("7xxx") && said.get(0).endsWith(" more bytes)"));
        assertEquals("7next", said.get(1));
        assertTrue(said.get(2).startsWith("8xxx"));
        assertEquals("7another child's", said.get(3));
        assertTrue(leftOut > 0);
    }

    @Test
    void aLineThatASignalHasCutIsKeptAndTheEndOfTheChildIsHeard() {
        String exit =
                TIME + "WARNING: [pool p] child 12 exited on signal 9 (SIGKILL) after 1.200000 seconds from start";
        String begun = line(7, "begin" + "y".repeat(70_000));
        add(begun.substring(0, begun.length() - 1) + exit);
        add(line(7, "quoted: " + exit)); // a child that says the same forges nothing
        add(line(7, "next"));
        read();
        assertEquals(
                List.of("7begin" + "y".repeat(70_000) + "... (PHP-FPM lost the rest)", "7quoted: " + exit, "7next"),
                said);
        assertEquals(List.of(12L), ended);
    }

    /** What a child writes is prefixed with its process id, so that it cannot forge the end of another child. */
    @Test
    void theLogTellsOfTheMastersWordsAlone() {
        String exited = "WARNING: [pool relais-0] child 12 exited on signal 9 (SIGKILL) after 1.2 seconds from start";
        String time = "[24-Nov-2026 03:41:35] ";
        String log = time + "WARNING: [pool relais-0] child 7 said into stderr: \"" + time + exited + "\"\n" + time
                + exited + "\n";
        new FpmLog(
                        0,
                        new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8)),
                        new ChildOutput() {
                            @Override
                            public void line(long pid, String text, boolean logged) {}

                            @Override
                            public void ended(ChildExit exit) {
                                ended.add(exit.pid());
                            }
                        },
                        pid -> ended.add(-pid),
                        Logger.getLogger("dev.relais.php.test"))
                .run();
        assertEquals(List.of(-12L, 12L), ended);
    }
}
