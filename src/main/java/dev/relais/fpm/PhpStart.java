package dev.relais.fpm;

import dev.relais.ConfigurationProblem;
import dev.relais.LogText;
import dev.relais.process.Command;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Turns what PHP-FPM prints at its start into what the operator has to change. PHP starts in spite of most faults and mentions
 * each of them once: a value that it does not accept, a missing extension, or a line of an ini file that it does not
 * understand, after which it ignores all further settings. When the fault is in {@code relais.workers.php-settings} the gateway
 * does not start; other faults are logged. Blocks.
 */
final class PhpStart {
    private static final Logger LOG = Logger.getLogger(PhpStart.class);
    private static final String SETTINGS = "relais.workers.php-settings.";
    private static final String PRELOAD = "opcache.preload";
    /** The forms of a message about a fault that ends PHP or its start, in PHP's own words and in FPM's. */
    private static final List<Pattern> FATAL = List.of(
            Pattern.compile(
                    "PHP (?:Parse|Fatal|Compile|Core|Recoverable fatal) error: +(.*)", Pattern.CASE_INSENSITIVE),
            Pattern.compile("Fatal Error (.*)"),
            Pattern.compile("(?m)^\\[[^]]*] (?:ERROR|ALERT): (.*)$"));

    private static final Pattern COMPLAINT = Pattern.compile(
            "PHP(?: (?:Warning|Notice|Deprecated|Core Warning|Startup))?: +(.*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern SYNTAX = Pattern.compile("syntax error, .* in (.*) on line \\d+");
    private static final int MOST_LINES = 20;

    private final FpmLaunch launch;
    private final Command command;

    PhpStart(FpmLaunch launch, Command command) {
        this.launch = launch;
        this.command = command;
    }

    /** Why FPM has refused to start: the first actual reason, with the setting that causes it if that is known. */
    ConfigurationProblem refusal(Command.Result result) {
        String said = Preload.withoutSettings(result.output());
        String reason = reason(said);
        boolean preloading = Preload.isDone(said);
        String preload = launch.phpSettings().get(PRELOAD);
        if (result.exit() == Command.TOO_LATE) {
            return preload == null
                    ? program("does not end the test of its configuration (" + result.output() + ")")
                    : setting(
                            PRELOAD, "does not end (" + result.output() + ")", "correct the script, or remove the key");
        }
        if (preloading || preload != null && reason != null && reason.contains(preload)) {
            String why = "cannot be preloaded: "
                    + (reason == null ? "PHP ended without a message; does the script call exit?" : reason);
            return preload == null
                    ? new ConfigurationProblem(PRELOAD, "(php.ini)", why, "correct the script, or remove the setting")
                    : setting(PRELOAD, why, "correct the script, or remove the key");
        }
        ConfigurationProblem blamed = reason == null ? null : blame(reason);
        return blamed != null
                ? blamed
                : program("refuses its configuration: "
                        + (reason == null
                                ? LogText.escape(said.lines().findFirst().orElse("no message"))
                                : reason));
    }

    private static @Nullable String reason(String output) {
        for (Pattern fatal : FATAL) {
            Matcher found = fatal.matcher(output);
            if (found.find()) {
                return LogText.escape(found.group(1).strip());
            }
        }
        return null;
    }

    private ConfigurationProblem program(String problem) {
        return new ConfigurationProblem(
                "relais.workers.php-fpm",
                launch.setup().php().path(),
                problem,
                problem.contains("lock file") // with a read-only /tmp
                        ? "let opcache.lockfile_path (php.ini or relais.workers.php-settings) name a folder that can be written to"
                        : "check relais.workers.* and php.ini, or set this key to another PHP-FPM");
    }

    private ConfigurationProblem setting(String name, String problem, String remedy) {
        return new ConfigurationProblem(
                SETTINGS + "\"" + name + "\"", launch.phpSettings().get(name), problem, remedy);
    }

    /**
     * Evaluates what FPM has complained of although it would start.
     *
     * @throws ConfigurationProblem when one of {@code relais.workers.php-settings} is at fault, or PHP has ignored the rest of
     *     an ini file
     */
    void judge(String output) {
        Matcher complaints = COMPLAINT.matcher(output);
        for (int lines = 0; complaints.find() && lines < MOST_LINES; lines++) {
            String complaint = LogText.escape(complaints.group(1).strip());
            Matcher syntax = SYNTAX.matcher(complaint);
            if (syntax.find()) {
                throw misunderstood(syntax.group(1), complaint);
            }
            ConfigurationProblem blamed = blame(complaint);
            if (blamed != null) {
                throw blamed;
            }
            LOG.warnf("PHP complains at its start: message=%s", LogText.value(complaint));
        }
    }

    /** @return null when none of {@code relais.workers.php-settings} is at fault */
    private @Nullable ConfigurationProblem blame(String complaint) {
        for (Map.Entry<String, String> setting : launch.phpSettings().entrySet()) {
            String name = setting.getKey();
            String value = setting.getValue().strip().replaceAll("^[\"']|[\"']$", "");
            boolean extension = name.equals("extension") || name.equals("zend_extension");
            if (extension && !value.isEmpty() && complaint.contains("'" + value + "'")) {
                return setting(name, complaint, "install the extension, or remove the key");
            }
            if (!extension
                    && Pattern.compile("(?<![\\w.])" + Pattern.quote(name) + "(?![\\w.])")
                            .matcher(complaint)
                            .find()) {
                return setting(name, complaint, "set a value that PHP takes, or remove the key");
            }
        }
        return null;
    }

    /**
     * PHP's ini parser stops at a line that it does not understand, so what follows, such as disable_functions, is not in
     * force.
     */
    private ConfigurationProblem misunderstood(String file, String complaint) {
        for (Map.Entry<String, String> setting : launch.phpSettings().entrySet()) {
            Command.Result alone = command.run(
                    List.of(
                            launch.setup().php().path().toString(),
                            "-n",
                            "-i",
                            "-d",
                            setting.getKey() + "=" + setting.getValue()),
                    launch.environment());
            if (SYNTAX.matcher(alone.output()).find()) {
                return setting(
                        setting.getKey(),
                        "PHP does not understand it, nor then any setting behind it (" + complaint + ")",
                        "write it as in php.ini, with quotes where it has other characters than letters and digits");
            }
        }
        return new ConfigurationProblem(
                "php.ini", file, "PHP does not understand it, nor then what follows (" + complaint + ")", "correct it");
    }

    /**
     * Logs the names of the settings in {@code relais.workers.php-settings} that PHP does not know. They may belong to an
     * extension, or to a script (get_cfg_var).
     */
    void nameUnknown(PhpFacts facts) {
        for (String name : facts.unknown(launch.phpSettings().keySet())) {
            String like = facts.like(name);
            LOG.warnf(
                    "PHP knows no setting of this name, correct it or install the extension that it belongs to: %s\"%s\"=%s%s",
                    SETTINGS,
                    name,
                    LogText.value(launch.phpSettings().get(name)),
                    like == null ? "" : " like=" + LogText.value(like));
        }
    }
}
