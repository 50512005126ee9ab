package dev.relais.fpm;

import dev.relais.Digits;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** How much shared memory an opcache may take, by PHP's settings. */
final class OpcacheSize {
    private static final long MIB = 1 << 20;

    /** What PHP has when nothing is set. */
    private static final long MEMORY = 128 * MIB;

    private static final long STRINGS = 8 * MIB;

    private OpcacheSize() {}

    /** @param settings gives the value of a setting; null when it is not set */
    static long of(UnaryOperator<@Nullable String> settings) {
        if (isOff(settings.apply("opcache.enable"))) {
            return 0;
        }
        // Until PHP 8.4 the strings are a part of the memory; it would be too little to leave them out where they are
        // not.
        return mebibytes(settings.apply("opcache.memory_consumption"), MEMORY)
                + mebibytes(settings.apply("opcache.interned_strings_buffer"), STRINGS)
                + jit(settings);
    }

    private static boolean isOff(@Nullable String value) {
        return value != null && value.strip().toLowerCase(Locale.ROOT).matches("0|off|no|false");
    }

    /** A number of MiB. */
    private static long mebibytes(@Nullable String value, long usual) {
        long number = value == null ? -1 : Digits.parse(value.strip(), 1 << 20);
        return number < 0 ? usual : number * MIB;
    }

    private static long jit(UnaryOperator<@Nullable String> settings) {
        String mode = settings.apply("opcache.jit");
        String size = settings.apply("opcache.jit_buffer_size");
        boolean off = isOff(mode) || "disable".equalsIgnoreCase(mode);
        return off || size == null ? 0 : bytes(size);
    }

    /** A size as in php.ini: a number of bytes, with K, M or G behind it. 0 when it is none. */
    static long bytes(String size) {
        String text = size.strip().toUpperCase(Locale.ROOT);
        int end = Digits.end(text);
        long number = Digits.parse(text.substring(0, end), 1L << 40);
        int unit = "KMG".indexOf(text.substring(end)) + 1;
        boolean known = end == text.length() || end + 1 == text.length() && unit > 0;
        return number < 0 || !known ? 0 : number << 10 * (end == text.length() ? 0 : unit);
    }
}
