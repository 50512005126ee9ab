package dev.relais.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import dev.relais.system.Finding.Verdict;
import dev.relais.testing.LogLines;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class DoctorTest {
    private static final Finding FINE = Finding.of(true, "one", 1, "1", "nothing", "none");
    private static final Finding FINE_TOO = Finding.of(true, "three", 3, "3", "nothing", "none");
    private static final Finding WRONG = Finding.of(false, "two", 1, "2 at least", "it is slow", "sysctl -w two=2");

    private final List<Supplier<HostCheck>> checks = new ArrayList<>();
    private final Doctor doctor = new Doctor(checks);

    private void add(boolean slow, Finding... findings) {
        checks.add(() -> new HostCheck() {
            @Override
            public List<Finding> findings() {
                return List.of(findings);
            }

            @Override
            public boolean isSlow() {
                return slow;
            }
        });
    }

    @Test
    void tellsWhatAllChecksHaveFound() {
        add(false, FINE, WRONG);
        add(true, FINE_TOO);
        assertEquals(List.of(FINE, WRONG, FINE_TOO), doctor.examine());
    }

    @Test
    void whatSeveralChecksHaveFoundIsToldOnce() {
        add(false, WRONG, FINE);
        add(true, FINE_TOO, WRONG);
        assertEquals(List.of(WRONG, FINE, FINE_TOO), doctor.examine());
    }

    @Test
    void theStartWarnsOfEachThingThatIsNotAsWantedAndWaitsForNothingSlow() {
        add(false, FINE, WRONG);
        add(true, WRONG.impossible());
        try (LogLines log = new LogLines()) {
            doctor.checkStart();
            assertEquals(
                    List.of(
                            "Host is checked, /q/relais/system and doctor have it all: checks=2 warnings=1",
                            "Host is not as wanted: name=two value=1 wanted=\"2 at least\" consequence=\"it is slow\""
                                    + " remedy=\"sysctl -w two=2\""),
                    log.lines().toList());
        }
    }

    @Test
    void whatIsImpossibleStopsTheStartWithOneLine() {
        add(false, WRONG.impossible());
        ConfigurationProblem problem = assertThrows(ConfigurationProblem.class, doctor::checkStart);
        assertEquals("two=1: it is slow (wanted: 2 at least); sysctl -w two=2", problem.getMessage());
    }

    /** Then the others are looked at all the same. */
    @Test
    void aCheckThatTheConfigurationKeepsFromBeingMadeIsAFindingItself() {
        checks.add(() -> {
            throw new IllegalStateException(
                    new ConfigurationProblem("relais.http.max-connections", 70_000, "too many", "set fewer"));
        });
        add(false, FINE);
        List<Finding> found = doctor.examine();
        assertEquals(2, found.size());
        assertEquals(Verdict.IMPOSSIBLE, found.get(0).verdict());
        assertEquals("relais.http.max-connections", found.get(0).name());
        assertEquals("70000", found.get(0).value());
        assertEquals("set fewer", found.get(0).remedy());
    }

    @Test
    void aKeyThatIsOutOfItsRangeStopsTheStartWithItsOwnLine() {
        ConfigurationProblem problem = new ConfigurationProblem("relais.x", 7, "is too much", "set fewer");
        checks.add(() -> {
            throw new IllegalStateException(problem);
        });
        assertEquals(
                problem.getMessage(),
                assertThrows(ConfigurationProblem.class, doctor::checkStart).getMessage());
    }

    @Test
    void aFaultOfACheckIsNoFinding() {
        checks.add(() -> {
            throw new IllegalStateException("a fault");
        });
        assertThrows(IllegalStateException.class, doctor::examine);
    }

    /** The kernel answers one read of such a file only. */
    @Test
    void aFileOfTheKernelIsReadWhole() throws Exception {
        for (String file : List.of("/proc/sys/net/core/somaxconn", "/proc/sys/kernel/pid_max")) {
            try (BufferedReader reader = Files.newBufferedReader(Path.of(file))) {
                assertEquals(Long.parseLong(reader.readLine()), HostFiles.REAL.number(file), file);
            }
        }
        try (BufferedReader reader = Files.newBufferedReader(Path.of("/proc/self/mountinfo"))) {
            assertEquals(reader.lines().toList(), HostFiles.REAL.lines("/proc/self/mountinfo"), "longer than one read");
        }
    }

    /** On the host that runs the tests. */
    @Test
    void eachFindingOfTheRealHostHasAllThatAnOperatorNeeds() {
        List<Finding> found = new ArrayList<>();
        found.addAll(new NetworkCheck(HostFiles.REAL, 4096, List.of(8080, 9000)).findings());
        found.addAll(new ProcessorCheck(HostFiles.REAL).findings());
        assertEquals(8, found.size());
        for (Finding finding : found) {
            for (String text : List.of(
                    finding.name(), finding.value(), finding.wanted(), finding.consequence(), finding.remedy())) {
                assertFalse(text.isBlank(), finding::toString);
                assertFalse(text.contains("\n"), finding::toString);
            }
        }
        assertTrue(ContainerSize.now().memoryBytes() > 0);
    }
}
