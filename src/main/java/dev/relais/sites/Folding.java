package dev.relais.sites;

import java.text.Normalizer;
import java.util.Locale;

/**
 * One spelling for all that a file system may take for the same name: case and the two Unicode forms of a letter (NFC and NFD) do not
 * count. Patterns that close something are compared in it.
 */
final class Folding {
    private Folding() {}

    static String of(String text) {
        boolean isLower = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
            }
            isLower &= c < 'A' || c > 'Z';
        }
        return isLower ? text : text.toLowerCase(Locale.ROOT);
    }
}
