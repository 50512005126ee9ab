package dev.relais.fpm;

import dev.relais.ConfigurationProblem;
import dev.relais.LogText;
import dev.relais.process.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how PHP can load an extension that it does not load by itself. Runs PHP up to three times, which blocks for a tenth of a second each, or once for
 * the command's whole deadline when PHP does not answer.
 */
final class MissingExtension {
    private static final String KEY = "relais.debug.extension";

    private final PhpFpm php;
    private final Map<String, String> environment;
    private final Command command;

    MissingExtension(PhpFpm php, Map<String, String> environment, Command command) {
        this.php = php;
        this.environment = environment;
        this.command = command;
    }

    /**
     * The name of the setting that loads it; null when PHP has it already.
     *
     * @throws ConfigurationProblem when it cannot be loaded
     */
    @Nullable
    String setting(String extension) {
        if (isListed(modules(null, extension), extension)) {
            return null;
        }
        String said = "";
        for (String setting : List.of("zend_extension", "extension")) {
            String modules = modules(setting, extension);
            if (isListed(modules, extension)) {
                return setting;
            }
            said = said.isEmpty() ? modules.lines().findFirst().orElse("") : said;
        }
        throw problem(extension, said);
    }

    private static ConfigurationProblem problem(String extension, String said) {
        return new ConfigurationProblem(
                KEY,
                extension,
                "PHP cannot load it (" + LogText.escape(said) + ")",
                "install it without enabling it for all (Debian: apt-get install php-" + name(extension)
                        + " && phpdismod " + name(extension) + ")");
    }

    private String modules(@Nullable String setting, String extension) {
        List<String> line = new ArrayList<>(List.of(php.path().toString()));
        if (setting != null) {
            line.addAll(List.of("-d", setting + "=" + extension));
        }
        line.add("-m");
        Command.Result listed = command.run(line, environment);
        if (listed.exit() == Command.TOO_LATE) {
            throw problem(extension, listed.output()); // who waits for it does not wait for another run
        }
        return listed.output();
    }

    private static boolean isListed(String modules, String extension) {
        return modules.lines().anyMatch(line -> line.strip().equalsIgnoreCase(name(extension)));
    }

    /** Of a path, what PHP calls it. */
    private static String name(String extension) {
        String file = extension.substring(extension.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return file.endsWith(".so") ? file.substring(0, file.length() - 3) : file;
    }
}
