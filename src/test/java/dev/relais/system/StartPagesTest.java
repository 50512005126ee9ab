package dev.relais.system;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Only what can be read again out of the executable's file is given back. */
class StartPagesTest {
    private static final List<String> SMAPS = """
            00410000-02805000 r-xp 00010000 fd:00 8087 /srv/relais runner
            Size:              36820 kB
            Anonymous:             0 kB
            VmFlags: rd ex mr mw me
            02810000-028b0000 r--p 02410000 fd:00 8087                               /srv/relais runner
            Anonymous:             8 kB
            7f0efe780000-7f0eff500000 r--p 024b0000 fd:00 8087                       /srv/relais runner
            Anonymous:             0 kB
            7f0eff500000-7f0f0038d000 rw-p 03230000 fd:00 8087                       /srv/relais runner
            Anonymous:             0 kB
            7f0f00400000-7f0f00500000 r--p 00000000 00:00 0
            Anonymous:             0 kB
            7f16fe83b000-7f16fe991000 r-xp 00026000 fd:00 1234                       /usr/lib/libc.so.6
            Anonymous:             0 kB
            ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
            Anonymous:             0 kB
            """.lines().toList();

    @Test
    void unchangedPagesOfTheFileThatNobodyWritesTo() {
        assertEquals(
                List.of(
                        new StartPages.Range(0x00410000, 0x02805000),
                        new StartPages.Range(0x7f0efe780000L, 0x7f0eff500000L)),
                StartPages.unchanged(SMAPS, "/srv/relais runner"));
    }

    @Test
    void aJvmKeepsItsPages() {
        assertDoesNotThrow(NativeExecutable::hasStarted);
    }
}
