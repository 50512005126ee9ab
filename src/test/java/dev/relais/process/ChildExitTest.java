package dev.relais.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

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
}
