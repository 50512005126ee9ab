package dev.relais.files;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The media type of a file, by the extension of its name: the list of npm's mime-db, in {@code media-types.txt}. A text gets UTF-8 as its
 * character set, unless it is of a kind that names its own.
 */
final class MediaTypes {
    private static final String UNKNOWN = "application/octet-stream";
    private static final String UTF_8 = "; charset=utf-8";
    private static final Map<String, String> BY_EXTENSION = read();

    private MediaTypes() {}

    /** @param name the last segment of a path */
    static String of(String name) {
        String extension = name.substring(name.lastIndexOf('.') + 1);
        String type = extension.length() == name.length() ? null : BY_EXTENSION.get(extension.toLowerCase(Locale.ROOT));
        return type == null ? UNKNOWN : type;
    }

    /** The type with the character set that texts get, unless it names one, or is of a kind that names its own. */
    static String withCharset(String type) {
        return type.indexOf(';') < 0 && namesNoCharset(type) ? type + UTF_8 : type;
    }

    private static Map<String, String> read() {
        Map<String, String> types = new HashMap<>();
        try (BufferedReader list = new BufferedReader(new InputStreamReader(
                MediaTypes.class.getResourceAsStream("media-types.txt"), StandardCharsets.UTF_8))) {
            for (String line = list.readLine(); line != null; line = list.readLine()) {
                if (!line.startsWith("#")) {
                    String[] words = line.split(" ");
                    String type = words[0] + (namesNoCharset(words[0]) ? UTF_8 : "");
                    for (int i = 1; i < words.length; i++) {
                        types.put(words[i], type);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.copyOf(types);
    }

    /** HTML and XML name their character set inside, which the field would override. */
    private static boolean namesNoCharset(String type) {
        return type.startsWith("text/") && !type.equals("text/html") && !type.equals("text/xml");
    }
}
