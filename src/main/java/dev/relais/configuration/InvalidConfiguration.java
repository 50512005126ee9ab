package dev.relais.configuration;

import dev.relais.ConfigurationProblem;
import io.smallrye.config.ConfigValidationException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;

/** What SmallRye Config says of values that it could not take, as one line for whoever set them. */
public final class InvalidConfiguration {
    private static final String OURS = ConfigurationProblem.class.getName() + ": ";

    /** Of a key without a form in {@code keys.txt}: the words of the messages SRCFG00039, SRCFG00040 and SRCFG00050. */
    private static final Pattern NOT_CONVERTED = Pattern.compile(
            "The config property (\\S+) with the config value \"(.*)\" threw an Exception whilst being converted (?:SRCFG[0-9]+: )?(.*)",
            Pattern.DOTALL);

    private static final Pattern EMPTY = Pattern.compile("The config property (\\S+) is defined as the empty String");
    private static final Pattern UNKNOWN = Pattern.compile("SRCFG00050: (\\S+) in ");
    private static final Pattern PREFIX = Pattern.compile("^(?:[\\w.$]+(?:Exception|Error): )?(?:SRCFG[0-9]+: )?");

    private InvalidConfiguration() {}

    /**
     * One line that names each key, its value and the remedy.
     *
     * @param config what can be read of the configuration
     */
    public static String explain(ConfigValidationException invalid, Config config) {
        Set<String> lines = new LinkedHashSet<>();
        for (int i = 0; i < invalid.getProblemCount(); i++) {
            lines.add(line(invalid.getProblem(i).getMessage(), config));
        }
        return String.join("; ", lines).replaceAll("\\s+", " ");
    }

    private static String line(String message, Config config) {
        if (message.startsWith(OURS)) {
            return message.substring(OURS.length());
        }
        Matcher unknown = UNKNOWN.matcher(message);
        if (unknown.find()) {
            return UnknownKeys.line(KnownKeys.read(), unknown.group(1), config);
        }
        Matcher failed = NOT_CONVERTED.matcher(message);
        if (failed.find()) {
            return failed.group(1) + "=" + failed.group(2) + ": cannot be taken (" + failed.group(3)
                    + "); correct it, or remove the key";
        }
        Matcher empty = EMPTY.matcher(message);
        if (empty.find()) {
            return empty.group(1) + "=: is empty; set a value, or remove the key";
        }
        return PREFIX.matcher(message).replaceFirst("");
    }
}
