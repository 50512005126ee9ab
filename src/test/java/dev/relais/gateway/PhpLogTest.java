package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PhpLogTest {
    @Test
    void leavesAPlainMessageAsItIs() {
        String plain = "PHP Warning:  Undefined variable $\u00e4 in /srv/x.php on line 1";
        assertSame(plain, PhpLog.escape(plain));
        assertSame("", PhpLog.escape(""));
    }

    @Test
    void escapesWhatCouldForgeALine() {
        assertEquals("a\\nb\\rc\\td", PhpLog.escape("a\nb\rc\td"));
        assertEquals("\\u001b[31m\\u0000\\u007f", PhpLog.escape("\u001b[31m\0\u007f"));
        assertEquals("\\u0085\\u2028\\u2029", PhpLog.escape("\u0085\u2028\u2029"));
    }

    @Test
    void leavesNoControlCharacterOfAll() {
        StringBuilder all = new StringBuilder();
        for (char c = 0; c < 0x3000; c++) {
            all.append(c);
        }
        assertTrue(PhpLog.escape(all.toString())
                .chars()
                .noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029));
    }
}
