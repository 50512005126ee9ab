package dev.relais.migration;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Sizes of bodies, as {@code max-body-size} takes them. */
final class Sizes {
    private Sizes() {}

    /** {@code 13m}, {@code 10GB} or a number of bytes; null for what is none, and for 0, by which other servers mean any size. */
    static @Nullable String of(String text) {
        String plain = text.strip().toUpperCase(Locale.ROOT).replaceFirst("(?<=[KMG])I?B$", "");
        if (!plain.matches("[0-9]{1,12}[KMG]?") || plain.matches("0+[KMG]?")) {
            return null;
        }
        if (plain.matches("[0-9]+")) {
            long bytes = Long.parseLong(plain);
            for (int shift = 30; shift > 0; shift -= 10) {
                if (bytes % (1L << shift) == 0) {
                    return (bytes >> shift) + " KMG".substring(shift / 10, shift / 10 + 1);
                }
            }
        }
        return plain.length() <= 10 ? plain : null;
    }
}
