package dev.relais.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.relais.fpm.FpmLog;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChildExitTest {
    /** PHP 8.6 ends by SIGABRT when memory cannot be had; the others are those of broken extensions, full disks and sandboxes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "on signal 6 (SIGABRT - core dumped)",
                "on signal 6 (SIGABRT)",
                "on signal 7 (SIGBUS)",
                "on signal 4 (SIGILL)",
                "on signal 8 (SIGFPE)",
                "on signal 9 (SIGKILL)",
                "on signal 11 (SIGSEGV - core dumped)",
                "on signal 15 (SIGTERM)",
                "on signal 31 (SIGSYS)",
                "on signal 35 ()",
                "with code 0",
                "with code 134"
            })
    void everyEndIsUnderstood(String how) {
        assertEquals(
                new ChildExit(4711, how),
                ChildExit.parse("[pool relais-0] child 4711 exited " + how + " after 1.234567 seconds from start"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[pool relais-0] child 4711 started",
                "[pool relais-0] child 4711 stopped for tracing",
                "[pool relais-0] child 99999999999 exited with code 0 after 1.2 seconds from start",
                "child 4711 exited with code 0 after 1.2 seconds from start",
                ""
            })
    void nothingElseIs(String line) {
        assertNull(ChildExit.parse(line));
    }

    /** What a child says comes with its number in front, so that it cannot forge another's end. */
    @Test
    void theLogTellsOfTheMastersWordsAlone() {
        String exited = "WARNING: [pool relais-0] child 12 exited on signal 9 (SIGKILL) after 1.2 seconds from start";
        String time = "[24-Nov-2026 03:41:35] ";
        String log = time + "WARNING: [pool relais-0] child 7 said into stderr: \"" + time + exited + "\"\n" + time
                + exited + "\n";
        List<Long> ended = new ArrayList<>();
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
                        Logger.getLogger("dev.relais.php.test"))
                .run();
        assertEquals(List.of(12L), ended);
    }
}
