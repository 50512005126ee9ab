package dev.relais.fpm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhpFaultTest {
    @ParameterizedTest
    @CsvSource({
        "8.0.30, true", "8.1.34, true", "8.2.0, true", "8.2.32, true", "8.2.35, true", "8.2.36, false", "8.2.40, false",
                "8.3.6, true",
        "8.3.36, true", "8.3.37, false", "8.4.27, true", "8.4.28, false", "8.5.0, true", "8.5.12, true",
                "8.5.13, false", "8.6.0, false",
        "8.10.1, false", "9.0.0, false"
    })
    void aReleaseHasTheFaultUntilItsBranchWasCured(String version, boolean has) {
        assertEquals(has, PhpFault.UNREAD_BODY.isIn(version));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.2.32"})
    void theSentenceNamesFaultAndVersion(String version) {
        assertTrue(PhpFault.UNREAD_BODY.describe(version).startsWith("CVE-2026-129289 in PHP 8.2.32: "));
    }
}
