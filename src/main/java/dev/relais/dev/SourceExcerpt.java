package dev.relais.dev;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some lines of a source file.
 *
 * @param first the number of the first of them, counted from 1
 */
record SourceExcerpt(int first, List<String> lines) {
    private static final long MOST_BYTES = 1 << 20;
    private static final SourceExcerpt NONE = new SourceExcerpt(1, List.of());

    SourceExcerpt {
        lines = List.copyOf(lines);
    }

    /**
     * The lines around one of them; none when the file is no source of PHP, cannot be read or is larger than 1 MiB. Blocks.
     *
     * @param around how many before and after
     */
    static SourceExcerpt of(@Nullable String file, int line, int around) {
        if (file == null || line < 1 || !file.matches("/.*\\.(php|inc|phtml)")) {
            return NONE;
        }
        try {
            Path path = Path.of(file);
            if (!Files.isRegularFile(path) || Files.size(path) > MOST_BYTES) {
                return NONE;
            }
            List<String> all = new String(Files.readAllBytes(path), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            int from = Math.max(0, line - 1 - around);
            int to = Math.min(all.size(), line + around);
            return around == 0 || from >= to ? NONE : new SourceExcerpt(from + 1, all.subList(from, to));
        } catch (IOException | InvalidPathException e) {
            return NONE;
        }
    }
}
