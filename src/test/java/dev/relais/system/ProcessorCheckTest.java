package dev.relais.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.relais.system.Finding.Verdict;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorCheckTest {
    @TempDir
    Path root;

    private FakeHost host;

    @BeforeEach
    void make() {
        host = new FakeHost(root);
    }

    private void assertFound(String name, Verdict verdict, String value) {
        Finding found = new ProcessorCheck(host.files())
                .findings().stream()
                        .filter(finding -> finding.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        assertEquals(verdict, found.verdict(), found::toString);
        assertEquals(value, found.value());
    }

    @ParameterizedTest
    @CsvSource({
        "max 100000,    OK,      none",
        "200000 100000, OK,      2 processors",
        "100000 100000, OK,      1 processors",
        "50000 100000,  WARNING, 0.5 processors",
        "nonsense,      OK,      none"
    })
    void theLimitOfVersion2(String max, Verdict verdict, String value) {
        host.v2().inV2("cpu.max", max);
        assertFound("cgroup cpu limit", verdict, value);
    }

    @ParameterizedTest
    @CsvSource({"-1, OK, none", "250000, OK, 2.5 processors", "25000, WARNING, 0.25 processors"})
    void theLimitOfVersion1(String quota, Verdict verdict, String value) {
        host.v1("cpu,cpuacct".split(","))
                .inV1("cpu", "cpu.cfs_quota_us", quota)
                .inV1("cpu", "cpu.cfs_period_us", 100_000);
        assertFound("cgroup cpu limit", verdict, value);
    }

    @Test
    void theLimitOfAGroupAboveHoldsToo() {
        host.v2().inV2("cpu.max", "max 100000").with("sys/fs/cgroup/cpu.max", "20000 100000");
        assertFound("cgroup cpu limit", Verdict.WARNING, "0.2 processors");
    }

    @ParameterizedTest
    @CsvSource({"1000, 5, OK, 0.5 % of 1000 periods", "1000, 100, WARNING, 10 % of 1000 periods", "0, 0, OK, none"})
    void howOftenTheGroupHadToWait(long periods, long throttled, Verdict verdict, String value) {
        host.v2().inV2("cpu.stat", "usage_usec 7\nnr_periods " + periods + "\nnr_throttled " + throttled);
        assertFound("cgroup cpu throttling", verdict, value);
    }

    @ParameterizedTest
    @CsvSource({
        "'[always] madvise never', WARNING, always",
        "'always [madvise] never', OK, madvise",
        "'always madvise [never]', OK, never",
        "nonsense, OK, unknown"
    })
    void hugePages(String enabled, Verdict verdict, String value) {
        host.with("sys/kernel/mm/transparent_hugepage/enabled", enabled);
        assertFound("transparent huge pages", verdict, value);
    }

    @ParameterizedTest
    @CsvSource({"0, OK, 0", "1, WARNING, 1", "nonsense, OK, 0"})
    void whetherAllAreKilledTogether(String group, Verdict verdict, String value) {
        host.v2().inV2("memory.oom.group", group);
        assertFound("cgroup memory.oom.group", verdict, value);
    }

    @Test
    void aGroupAboveHasAllKilledTogetherToo() {
        host.v2().inV2("memory.oom.group", "0").with("sys/fs/cgroup/memory.oom.group", "1");
        assertFound("cgroup memory.oom.group", Verdict.WARNING, "1");
    }

    @Test
    void version1KillsOneAtATime() {
        host.v1("memory").inV1("memory", "memory.oom.group", "1");
        assertFound("cgroup memory.oom.group", Verdict.OK, "0");
    }
}
