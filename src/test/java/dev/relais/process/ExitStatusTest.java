package dev.relais.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitStatusTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "70, 70",
        "128, 128",
        "132, 132 (SIGILL)",
        "134, 134 (SIGABRT)",
        "135, 135 (SIGBUS)",
        "136, 136 (SIGFPE)",
        "137, 137 (SIGKILL)",
        "139, 139 (SIGSEGV)",
        "143, 143 (SIGTERM)",
        "159, 159 (SIGSYS)",
        "255, 255"
    })
    void aStatusNamesItsSignal(int status, String described) {
        assertEquals(described, ExitStatus.describe(status));
    }
}
