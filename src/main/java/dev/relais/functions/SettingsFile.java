package dev.relais.functions;

import dev.relais.ConfigurationProblem;
import dev.relais.PlainFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads {@code functions.yaml}. Every mistake in it is a {@link ConfigurationProblem}, whose one line names the file, line,
 * key, value and remedy.
 */
final class SettingsFile {
    static final String NAME = "functions.yaml";

    private static final int MOST_BYTES = 4 << 20;

    /** Names that were probably meant to be {@link #NAME}. */
    private static final Pattern NEARLY = Pattern.compile("\\.?functions?\\.ya?ml(\\.txt)?", Pattern.CASE_INSENSITIVE);

    private SettingsFile() {}

    /** Whether this file was probably meant to be the settings file. */
    static boolean isMisspelt(String name) {
        return NEARLY.matcher(name).matches() && !name.equals(NAME);
    }

    /**
     * @param shown the file's path as messages name it: the user's, not the mirror's
     * @param reservable how many children functions without a pool of their own may reserve in all
     * @throws ConfigurationProblem when the content is wrong
     * @throws IOException when the file cannot be read
     */
    static Settings read(Path path, String shown, FunctionSettings defaults, int reservable) throws IOException {
        Map<String, FunctionSettings> named = new HashMap<>();
        Map<String, SiteSettings> sites = new HashMap<>();
        Map<String, YamlValue> file =
                YamlValue.parse(shown, text(path, shown), MOST_BYTES).entries();
        PoolTable pools = new PoolTable(file.get("pools"));
        file.forEach((key, value) -> {
            switch (key) {
                case "functions" ->
                    value.entries()
                            .forEach((name, function) -> named.put(
                                    name, FunctionKeys.read(function, defaults, pools, FunctionNames.FUNCTION + name)));
                case "sites" -> SitesForm.read(value, defaults, pools, sites);
                case "pools" -> {} // read before, whatever the order
                default -> throw Suggestion.unknown(value, key, "this file", List.of("functions", "sites", "pools"));
            }
        });
        Reservations.check(shown, named, sites, reservable);
        return new Settings(defaults, named, sites, pools.idle());
    }

    private static String text(Path file, String shown) throws IOException {
        if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
            throw new ConfigurationProblem(shown, "(content)", "not a regular file", "put a plain file there");
        }
        byte[] bytes = PlainFile.read(file, MOST_BYTES + 1); // a named pipe may have taken its place meanwhile
        if (bytes.length > MOST_BYTES) {
            throw new ConfigurationProblem(shown, "(content)", "larger than 4 MiB", "keep it below");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new ConfigurationProblem(shown, "(content)", "not UTF-8", "save it as UTF-8");
        }
    }
}
