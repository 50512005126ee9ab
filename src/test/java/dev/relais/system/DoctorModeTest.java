package dev.relais.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.OneTask;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoctorModeTest {
    private static final Finding FINE = Finding.of(true, "one", 1, "at least 1", "nothing", "none");
    private static final Finding WRONG = Finding.of(false, "two", 1, "at least 2", "it is slow", "sysctl -w two=2");
    private static final Finding IMPOSSIBLE = Finding.of(false, "three", 1, "at least 3", "it ends", "ulimit -n 3")
            .impossible();

    @Test
    void theExitCodeTells() {
        assertEquals(0, DoctorMode.exitCode(List.of(FINE)));
        assertEquals(2, DoctorMode.exitCode(List.of(FINE, WRONG)));
        assertEquals(1, DoctorMode.exitCode(List.of(FINE, WRONG, IMPOSSIBLE)));
    }

    @Test
    void whatMattersMostIsToldFirstWithWhatMendsIt() {
        assertEquals("""
                impossible three: 1
                           wanted: at least 3
                           otherwise: it ends
                           remedy: ulimit -n 3
                warning    two: 1
                           wanted: at least 2
                           otherwise: it is slow
                           remedy: sysctl -w two=2
                ok         one: 1
                           wanted: at least 1
                3 checks: 1 ok, 1 warnings, 1 that make a start impossible
                """, DoctorMode.text(List.of(FINE, WRONG, IMPOSSIBLE)));
    }

    @Test
    void theEndOfATaskIsNoFailure() {
        OneTask.Done done = new OneTask.Done(2);
        assertEquals(2, done.code());
        assertEquals(0, done.getStackTrace().length);
        assertFalse(done.getMessage().isBlank());
        assertTrue(DoctorMode.text(List.of()).startsWith("0 checks"));
    }
}
