package dev.relais.fastcgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.jboss.logging.Logger.Level;
import org.junit.jupiter.api.Test;

class MessageBytesTest {
    private final MessageBytes message = new MessageBytes();

    private String text(byte... bytes) {
        message.clear();
        for (byte b : bytes) {
            message.add(b);
        }
        return message.text();
    }

    @Test
    void keepsEachLengthAroundTheLimitsOfPipesAndRecords() {
        for (int length : new int[] {0, 1, 1023, 1024, 1025, 8191, 8192, 8193, 65_535, 262_144, MessageBytes.MOST}) {
            String text = "x".repeat(length);
            assertEquals(text, text(text.getBytes(StandardCharsets.US_ASCII)));
            assertEquals(length, message.length());
        }
        String cut = text("x".repeat(MessageBytes.MOST + 1).getBytes(StandardCharsets.US_ASCII));
        assertTrue(cut.endsWith("xx... (1 more bytes)"), () -> cut.substring(cut.length() - 40));
    }

    @Test
    void cutsBetweenCharactersWhereverTheLimitFalls() {
        for (String character : new String[] {"\u00e4", "\u20ac", "\ud83d\ude00"}) {
            int size = character.getBytes(StandardCharsets.UTF_8).length;
            for (int shift = 0; shift < size; shift++) {
                String all = "x".repeat(shift) + character.repeat(MessageBytes.MOST / size + 2);
                byte[] bytes = all.getBytes(StandardCharsets.UTF_8);
                String cut = text(bytes);
                int kept = cut.indexOf("... (");
                assertEquals(all.substring(0, kept), cut.substring(0, kept));
                int rest = bytes.length - cut.substring(0, kept).getBytes(StandardCharsets.UTF_8).length;
                assertEquals("... (" + rest + " more bytes)", cut.substring(kept));
            }
        }
    }

    @Test
    void showsBytesThatAreNoUtf8() {
        assertEquals("a\\xff\\xfeb", text((byte) 'a', (byte) 0xFF, (byte) 0xFE, (byte) 'b'));
        assertEquals("\\xe2\\x82\n", text((byte) 0xE2, (byte) 0x82, (byte) '\n'));
        assertEquals("\\xe2\\x82", text((byte) 0xE2, (byte) 0x82));
        assertEquals(
                "\\xc0\\xaf\\xed\\xa0\\x80", text((byte) 0xC0, (byte) 0xAF, (byte) 0xED, (byte) 0xA0, (byte) 0x80));
        assertEquals("\uFFFD \0", text("\uFFFD \0".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void isUsedAgainAfterALongMessage() {
        text(new byte[MessageBytes.MOST + 5]);
        assertEquals("next", text("next".getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void theWordOfPhpIsTheLevel() {
        assertEquals(Level.ERROR, PhpMessage.level("PHP Fatal error:  Uncaught x"));
        assertEquals(Level.ERROR, PhpMessage.level("PHP Parse error:  x"));
        assertEquals(Level.WARN, PhpMessage.level("PHP Warning:  x"));
        assertEquals(Level.INFO, PhpMessage.level("PHP Notice:  x"));
        assertEquals(Level.INFO, PhpMessage.level("PHP Deprecated:  x"));
        for (String other :
                new String[] {"", "PHP ", "PHP Fatal", "boom", "Fatal error: x", "PHP :", "PHP Unknown: x"}) {
            assertEquals(Level.WARN, PhpMessage.level(other), other);
        }
    }
}
