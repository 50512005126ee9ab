package dev.relais.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.system.Finding.Verdict;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkCheckTest {
    @TempDir
    Path root;

    private Finding find(String name) {
        List<Finding> all = new NetworkCheck(new HostFiles(root), 4096, List.of(8080, 9000)).findings();
        return all.stream()
                .filter(finding -> finding.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "core/somaxconn,    4096, net.core.somaxconn,       OK",
        "core/somaxconn,    4095, net.core.somaxconn,       WARNING",
        "core/somaxconn,    128,  net.core.somaxconn,       WARNING",
        "ipv4/tcp_tw_reuse, 0,    net.ipv4.tcp_tw_reuse,    WARNING",
        "ipv4/tcp_tw_reuse, 1,    net.ipv4.tcp_tw_reuse,    OK",
        "ipv4/tcp_tw_reuse, 2,    net.ipv4.tcp_tw_reuse,    OK",
        "ipv4/tcp_fin_timeout, 60,  net.ipv4.tcp_fin_timeout, OK",
        "ipv4/tcp_fin_timeout, 120, net.ipv4.tcp_fin_timeout, WARNING",
        "ipv4/ip_local_port_range, '32768\t60999', net.ipv4.ip_local_port_range, OK",
        "ipv4/ip_local_port_range, '32768\t40000', net.ipv4.ip_local_port_range, WARNING",
        "ipv4/ip_local_port_range, '1024\t65535',  net.ipv4.ip_local_port_range, WARNING",
        "ipv4/ip_local_port_range, nonsense,       net.ipv4.ip_local_port_range, OK",
    })
    void aValueOfTheKernelIsJudged(String file, String value, String name, Verdict verdict) {
        new FakeHost(root).with("proc/sys/net/" + file, value);
        Finding finding = find(name);
        assertEquals(verdict, finding.verdict(), finding::toString);
        assertTrue(finding.remedy().contains("sysctl -w "), finding::remedy);
        assertTrue(finding.remedy().contains("securityContext.sysctls"), finding::remedy);
    }

    @ParameterizedTest
    @CsvSource({"'8080,9000', OK", "8000-9100, OK", "8080, WARNING", "'', WARNING", "8081-8999, WARNING"})
    void aPortThatIsReservedIsGivenToNoOtherProgram(String reserved, Verdict verdict) {
        new FakeHost(root)
                .with("proc/sys/net/ipv4/ip_local_port_range", "1024\t65535")
                .with("proc/sys/net/ipv4/ip_local_reserved_ports", reserved);
        assertEquals(verdict, find("net.ipv4.ip_local_port_range").verdict());
    }

    @Test
    void thePortsThatAnotherProgramMayGetAreNamed() {
        new FakeHost(root).with("proc/sys/net/ipv4/ip_local_port_range", "1024\t65535");
        Finding finding = find("net.ipv4.ip_local_port_range");
        assertTrue(finding.consequence().contains("8080,9000"), finding::consequence);
        assertTrue(
                finding.remedy().startsWith("sysctl -w net.ipv4.ip_local_reserved_ports=8080,9000"), finding::remedy);
    }

    @Test
    void whatTheKernelDoesNotTellIsUnknownAndNoWarning() {
        for (Finding finding :
                new NetworkCheck(new HostFiles(root.resolve("nowhere")), 4096, List.of(8080)).findings()) {
            assertEquals(Verdict.OK, finding.verdict(), finding::toString);
            assertEquals("unknown", finding.value());
        }
    }
}
