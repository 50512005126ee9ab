package dev.relais.debug;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads the lines of a file that PHP's user may have written: none takes more memory than a line of Xdebug's may need. For one thread. */
final class BoundedLines {
    private static final int LONGEST = 1 << 16;

    private final Reader in;
    private final StringBuilder line = new StringBuilder();

    BoundedLines(InputStream file) {
        this.in = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8), 1 << 16);
    }

    /**
     * The next line without its end; null after the last one.
     *
     * @throws IOException when it is too long, or cannot be read
     */
    @Nullable
    String next() throws IOException {
        line.setLength(0);
        int c = in.read();
        if (c < 0) {
            return null;
        }
        for (; c >= 0 && c != '\n'; c = in.read()) {
            if (line.length() == LONGEST) {
                throw new IOException("a line has more than " + LONGEST + " characters");
            }
            line.append((char) c);
        }
        return line.toString();
    }
}
