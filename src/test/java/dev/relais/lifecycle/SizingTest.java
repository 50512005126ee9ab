package dev.relais.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.system.ContainerSize;
import dev.relais.system.Finding;
import dev.relais.system.Finding.Verdict;
import dev.relais.system.MemoryPlan;
import dev.relais.worker.WorkersConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizingTest {
    private static final long MIB = 1 << 20;
    private static final long HOST_MIB = 8192;

    private ContainerSize container = new ContainerSize(2, HOST_MIB * MIB, false, Long.MAX_VALUE);
    private MemoryPlan.Gateway gateway = new MemoryPlan.Gateway(256 * MIB, 64 * MIB, 96 * MIB, 0);
    private int reserved;
    private int poolMasters;
    private int poolChildren;
    private boolean running;
    private long used = -1;

    private Sizing sizing(Map<String, String> settings) {
        return new Sizing(
                new SmallRyeConfigBuilder()
                        .withMapping(WorkersConfig.class)
                        .withConverter(Duration.class, 100, new DurationConverter())
                        .withDefaultValues(settings)
                        .build()
                        .getConfigMapping(WorkersConfig.class),
                () -> container,
                () -> gateway,
                () -> 136 * MIB,
                () -> reserved,
                () -> poolMasters,
                () -> poolChildren);
    }

    private void limit(long mib) {
        container = new ContainerSize(container.processors(), mib * MIB, true, container.processesLeft());
    }

    /** The gateway takes 416 MiB and two opcaches 272; the rest is for children of 16 MiB each. */
    @ParameterizedTest
    @CsvSource({"8192, 8", "1024, 8", "880, 6", "784, 3", "720, 2", "300, 2", "0, 8"})
    void theNumberOfChildrenFollowsTheMemory(long mib, int children) {
        limit(mib);
        assertEquals(children, sizing(Map.of()).childrenPerWorker());
    }

    /** A pool takes an opcache of 136 MiB and 16 MiB for each child, which are not there for the others. */
    @Test
    void poolsCountForTheMemory() {
        limit(1096);
        poolMasters = 1;
        poolChildren = 9;
        assertEquals(4, sizing(Map.of()).childrenPerWorker());
        MemoryPlan plan = sizing(Map.of()).planned(4);
        assertEquals(3, plan.masters());
        assertEquals(17, plan.children());
    }

    @ParameterizedTest
    @CsvSource({"1, 4", "2, 8", "8, 32", "64, 64"})
    void theNumberOfChildrenFollowsTheProcessors(int processors, int children) {
        container = new ContainerSize(processors, 1024L * 1024 * MIB, false, Long.MAX_VALUE);
        assertEquals(children, sizing(Map.of()).childrenPerWorker());
    }

    @Test
    void aConfiguredNumberHoldsWhateverTheContainerHas() {
        limit(300);
        Sizing sizing = sizing(Map.of("relais.workers.children", "40"));
        assertEquals(40, sizing.childrenPerWorker());
        assertFalse(sizing.follows());
    }

    @Test
    void thereAreMoreChildrenThanFunctionsHaveReserved() {
        limit(300);
        reserved = 5;
        assertEquals(3, sizing(Map.of()).childrenPerWorker(), "two workers, six children");
        reserved = 4;
        assertEquals(3, sizing(Map.of()).childrenPerWorker());
    }

    private Finding find(String name, MemoryPlan plan) {
        List<Finding> found = new SizeCheck(sizing(Map.of()), () -> plan, () -> running, () -> used).findings();
        return found.stream()
                .filter(finding -> finding.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatDoesNotFitWarnsAndWhatIsHopelessStopsTheStart() {
        limit(1024);
        assertEquals(Verdict.OK, find("memory", sizing(Map.of()).planned(8)).verdict());
        assertEquals(
                Verdict.WARNING, find("memory", sizing(Map.of()).planned(40)).verdict());
        gateway = new MemoryPlan.Gateway(1024 * MIB, 64 * MIB, 96 * MIB, 0);
        Finding hopeless = find("memory", sizing(Map.of()).planned(8));
        assertEquals(Verdict.IMPOSSIBLE, hopeless.verdict());
        assertTrue(hopeless.value().startsWith("heap 1024 + "), hopeless::value);
        assertTrue(hopeless.remedy().contains("-Xmx"), hopeless::remedy);
    }

    @Test
    void measuredChildrenCountWithWhatTheyHave() {
        limit(1024);
        assertEquals(
                Verdict.OK,
                find("memory", sizing(Map.of()).measured(16, 20 * MIB)).verdict());
        Finding tooMuch = find("memory", sizing(Map.of()).measured(16, 30 * MIB));
        assertEquals(Verdict.WARNING, tooMuch.verdict());
        assertTrue(tooMuch.value().contains("16 children x 30.0 (measured)"), tooMuch::value);
    }

    @ParameterizedTest
    @CsvSource({"2048, WARNING", "512, WARNING", "1060, OK"})
    void afterAResizeTheHeapWantsARestart(long mib, Verdict verdict) {
        limit(1024);
        Sizing sizing = sizing(Map.of());
        limit(mib);
        Finding heap = find("heap", sizing.planned(4));
        assertEquals(verdict, heap.verdict(), heap::toString);
        assertTrue(heap.remedy().contains("restart"), heap::remedy);
    }

    @ParameterizedTest
    @CsvSource({
        "false, 1000, OK", // two generations of 18 and the threads
        "false, 99, WARNING",
        "false, 17, IMPOSSIBLE", // not even one
        "true, 18, OK", // what runs is counted already
        "true, 17, WARNING"
    })
    void processesForTwoGenerationsAreWanted(boolean runs, long left, Verdict verdict) {
        running = runs;
        container = new ContainerSize(2, HOST_MIB * MIB, false, left);
        Finding found = find("cgroup pids limit", sizing(Map.of()).planned(8));
        assertEquals(verdict, found.verdict(), found::toString);
    }

    @ParameterizedTest
    @CsvSource({"-1, OK", "100, OK", "130, WARNING"})
    void anOpcacheThatIsNearlyFullWarns(long usedMib, Verdict verdict) {
        running = true;
        used = usedMib < 0 ? -1 : usedMib * MIB;
        assertEquals(
                verdict,
                find("opcache.memory_consumption", sizing(Map.of()).planned(8)).verdict());
    }
}
