package dev.relais.system;

import dev.relais.ConfigurationProblem;
import java.util.Locale;

/**
 * What one check of the host has found. All texts are one line, for operators.
 *
 * @param name what was looked at: the kernel's name where there is one, such as {@code net.core.somaxconn}
 * @param value what it is now
 * @param wanted what it should be
 * @param consequence what follows from a value that is not as wanted
 * @param remedy the command or the lines of a manifest that make it so
 */
public record Finding(String name, Verdict verdict, String value, String wanted, String consequence, String remedy) {
    /** How much a value matters. */
    public enum Verdict {
        /** The value is as wanted, or not known. */
        OK,
        /** The gateway runs, but not as well as it could, or not in each situation. */
        WARNING,
        /** The gateway cannot run. */
        IMPOSSIBLE;

        /** As users read it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The value when the host does not say. */
    static final String UNKNOWN = "unknown";

    /** What is wanted of a key whose problem says the rest. */
    private static final String POSSIBLE = "a possible value";

    /** One that warns unless a condition holds. */
    public static Finding of(
            boolean fine, String name, Object value, String wanted, String consequence, String remedy) {
        return new Finding(
                name, fine ? Verdict.OK : Verdict.WARNING, String.valueOf(value), wanted, consequence, remedy);
    }

    /** A configuration with which the gateway cannot start. */
    public static Finding of(ConfigurationProblem problem) {
        return new Finding(
                problem.key(), Verdict.IMPOSSIBLE, problem.value(), POSSIBLE, problem.problem(), problem.remedy());
    }

    /** The same thing, which makes a start impossible. */
    public Finding impossible() {
        return new Finding(name, Verdict.IMPOSSIBLE, value, wanted, consequence, remedy);
    }

    /** The reason why the gateway does not start. */
    ConfigurationProblem problem() {
        String problem = wanted.equals(POSSIBLE) ? consequence : consequence + " (wanted: " + wanted + ")";
        return new ConfigurationProblem(name, value, problem, remedy);
    }
}
