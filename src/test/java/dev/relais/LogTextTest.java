package dev.relais;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LogTextTest {
    @Test
    void leavesWhatIsPlainAsItIs() {
        for (String plain : new String[] {
            "",
            "PHP Warning:  Undefined variable $\u00e4 in /srv/x.php on line 1",
            "{\"a\":\"\\n \\\\\"}",
            "\ud83d\ude00"
        }) {
            assertSame(plain, LogText.escape(plain));
        }
        assertEquals("\ud83d\udc68\u200d\ud83d\udc69", LogText.escape("\ud83d\udc68\u200d\ud83d\udc69")); // a couple
    }

    @Test
    void showsWhatEndsALineOrDrivesATerminal() {
        assertEquals("a\\nb\\rc\\td", LogText.escape("a\nb\rc\td"));
        assertEquals("\\u001b[31m\\u0000\\u007f", LogText.escape("\u001b[31m\0\u007f"));
        assertEquals("\\u0085\\u2028\\u2029\\u009b", LogText.escape("\u0085\u2028\u2029\u009b"));
    }

    @Test
    void showsWhatReordersOrHidesText() {
        assertEquals("\\u202egpj.exe\\u202c \\u2066x\\u2069", LogText.escape("\u202egpj.exe\u202c \u2066x\u2069"));
        assertEquals("\\u200b\\ufeff\\u061c\\u00ad", LogText.escape("\u200b\ufeff\u061c\u00ad"));
        assertEquals("\\udb40\\udc41", LogText.escape("\udb40\udc41")); // a tag, invisible
        assertEquals("\\ud800x\\udc00", LogText.escape("\ud800x\udc00"));
    }

    @Test
    void leavesNothingHiddenOfAllThereIs() {
        for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
            String escaped = LogText.escape(Character.toString(point));
            int type = Character.getType(point);
            boolean hidden = type == Character.CONTROL
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR
                    || type == Character.SURROGATE
                    || type == Character.FORMAT && point != 0x200C && point != 0x200D;
            if (hidden) {
                assertEquals(-1, escaped.indexOf(point), () -> "hidden");
                assertEquals(
                        escaped,
                        escaped.chars()
                                .mapToObj(c -> c < ' ' || c > '~' ? "" : Character.toString(c))
                                .collect(Collectors.joining()));
            } else {
                assertEquals(Character.toString(point), escaped);
            }
        }
    }

    @Test
    void aValueOfOneWordIsWrittenAsItIs() {
        for (String word : List.of("4711", "/srv/x.php", "a=b", "App\\Shop", "caf\u00e9", "null")) {
            assertEquals(word, LogText.value(word));
        }
        assertEquals("null", LogText.value(null));
        assertEquals("a\\nb=1", LogText.value("a\nb=1"));
    }

    @Test
    void aValueOfMoreWordsOrNoneIsAJsonText() {
        assertEquals("\"\"", LogText.value(""));
        assertEquals("\"a b\"", LogText.value("a b"));
        assertEquals("\"a\\\"b\"", LogText.value("a\"b"));
        assertEquals("\"a\u00a0b\u3000\"", LogText.value("a\u00a0b\u3000"), "spaces to programs that split");
        assertEquals("\"Class App\\\\Shop\\nis gone\"", LogText.value("Class App\\Shop\nis gone"));
        assertEquals("\"abc... (1 more characters)\"", LogText.value("abcd", 3));
    }

    /** As a program reads it that knows no more than quotes and backslashes. */
    @Test
    void noValueEndsItsQuotesOrItsLine() {
        String pieces = "a \"\\=\n\r\u2028\u00a0";
        for (int i = 0; i < Math.pow(pieces.length(), 4); i++) {
            StringBuilder text = new StringBuilder();
            for (int rest = i; rest > 0; rest /= pieces.length()) {
                text.append(pieces.charAt(rest % pieces.length()));
            }
            String value = LogText.value(text);
            assertTrue(value.matches("\"([^\"\\\\\\v]|\\\\[^\\v])*\"|[^\"\\h\\v]+"), value);
        }
    }

    @Test
    void cutsAndSaysHowMuch() {
        assertEquals("abc", LogText.escape("abc", 3));
        assertEquals("abc... (1 more characters)", LogText.escape("abcd", 3));
        assertEquals("ab... (3 more characters)", LogText.escape("ab\ud83d\ude00c", 3));
        assertEquals("null", LogText.escape(null, 10));
    }
}
