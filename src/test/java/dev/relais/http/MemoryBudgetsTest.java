package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import dev.relais.system.Finding.Verdict;
import dev.relais.telemetry.Meters;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryBudgetsTest {
    private static final long MIB = 1 << 20;

    private static MemoryBudgets budgets(Map<String, String> settings, long heapMib, long directMib, long openFiles) {
        return new MemoryBudgets(
                GatewayConfigs.of(settings), Meters.ofMemory(), heapMib * MIB, directMib * MIB, openFiles);
    }

    @ParameterizedTest
    @CsvSource({
        "   64,    64, 1000000,   512, 8", // a quarter of half the heap, 16 KiB each
        "  256,   256, 1000000,  2048, 32",
        "  256,    64, 1000000,   512, 8", // direct memory is the scarcer
        " 8192,  8192, 1000000, 16384, 1024",
        " 8192,  8192,    1024,   512, 1024",
        "    1,     1,       1,     1, 2",
    })
    void theDefaultIsTheSmallestOfWhatMemoryAndOpenFilesHold(
            long heap, long direct, long openFiles, int connections, long partMib) {
        MemoryBudgets budgets = budgets(Map.of(), heap, direct, openFiles);
        assertEquals(connections, budgets.maxConnections());
        assertEquals(partMib * MIB, budgets.heads().capacity());
        assertEquals(partMib * MIB, budgets.bodies().capacity());
        assertEquals(partMib * MIB, budgets.answers().capacity());
    }

    @ParameterizedTest
    @CsvSource({"1", "200", "4096"})
    void aNumberOfConnectionsThatHoldsIsTaken(int connections) {
        String set = Integer.toString(connections);
        assertEquals(
                connections,
                budgets(Map.of("relais.http.max-connections", set), 256, 256, 10_000)
                        .maxConnections());
    }

    @ParameterizedTest
    @CsvSource({
        "max-connections, 0,     set it to 1 to 1000000",
        "max-connections, -1,    set it to 1 to 1000000",
        "max-connections, 4097,  set at most 4096",
        "max-connections, 10000, ulimit -n",
        "memory,          0,     set it to 8M",
        "memory,          193M,  set it to 8M to 192M",
        "memory,          9999999999999999999999, set it to 8M",
    })
    void aValueThatCannotHoldIsRefusedWithItsKeyAndTheRemedy(String key, String value, String remedy) {
        ConfigurationProblem problem = assertThrows(
                ConfigurationProblem.class, () -> budgets(Map.of("relais.http." + key, value), 256, 256, 10_000));
        assertTrue(problem.getMessage().startsWith("relais.http." + key + "="), problem.getMessage());
        assertTrue(problem.getMessage().contains(remedy), problem.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"1, 32", "0.5, 16", "2, 32", "0.001, 2"})
    void afterAResizeTheBudgetsFollowButNotBeyondTheHeap(double share, long partMib) {
        MemoryBudgets budgets = budgets(Map.of(), 256, 256, 1_000_000);
        budgets.resize(share);
        assertEquals(partMib * MIB, budgets.heads().capacity());
        assertEquals(partMib * MIB, budgets.bodies().capacity());
        assertEquals(partMib * MIB, budgets.answers().capacity());
        budgets.resize(1);
        assertEquals(32 * MIB, budgets.answers().capacity());
    }

    @Test
    void aConfiguredSizeStays() {
        MemoryBudgets budgets = budgets(Map.of("relais.http.memory", "64M"), 256, 256, 1_000_000);
        budgets.resize(0.25);
        assertEquals(16 * MIB, budgets.heads().capacity());
    }

    @ParameterizedTest
    @CsvSource({"512, 1024, OK", "512, 1023, WARNING", "200, 1024, OK"})
    void openFilesForTwiceTheConnectionsAreWanted(int wanted, long openFiles, Verdict verdict) {
        assertEquals(
                verdict,
                new ConnectionsCheck(200, wanted, openFiles).findings().get(0).verdict());
    }

    @Test
    void theConnectionsThatOpenFilesKeepAwayAreMissed() {
        assertEquals(
                Verdict.OK,
                new ConnectionsCheck(budgets(Map.of(), 256, 256, 100_000))
                        .findings()
                        .get(0)
                        .verdict());
        assertEquals(
                Verdict.WARNING,
                new ConnectionsCheck(budgets(Map.of(), 256, 256, 1_024))
                        .findings()
                        .get(0)
                        .verdict());
    }
}
