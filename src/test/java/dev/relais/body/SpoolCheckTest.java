package dev.relais.body;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.relais.system.Disk;
import dev.relais.system.Finding.Verdict;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpoolCheckTest {
    @ParameterizedTest
    @CsvSource({
        "ext4, 4096, OK",
        "ext4, 4095, WARNING",
        "ext4, -1, OK", // nobody knows
        "tmpfs, 9000, WARNING",
        "overlay, 5000, OK"
    })
    void aDiskThatHoldsTheSpoolIsWantedAndNoMemory(String type, long freeMib, Verdict verdict) {
        Disk disk = new Disk(Path.of("/tmp"), type, freeMib < 0 ? -1 : freeMib << 20);
        assertEquals(
                verdict,
                new SpoolCheck(4096L << 20, () -> disk).findings().get(0).verdict());
    }
}
