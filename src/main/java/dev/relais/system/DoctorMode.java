package dev.relais.system;

import dev.relais.ConfigurationProblem;
import dev.relais.OneTask;
import dev.relais.system.Finding.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The mode {@code doctor} of the program: it prints what of the host and the configuration is as it should be, starts nothing, and ends. The
 * exit code is 0 when all is as wanted, 2 when something warns, and 1 when the gateway would not start.
 */
public final class DoctorMode {
    /** The argument of the program that asks for it. */
    public static final String ARGUMENT = "doctor";

    private static volatile boolean asked;
    private static volatile @Nullable List<Finding> found; // null: nothing was examined yet

    private DoctorMode() {}

    /**
     * By whoever calls the program. Only the findings go to standard output, and messages that matter to standard error.
     *
     * @param words what follows {@link #ARGUMENT}
     * @throws ConfigurationProblem when there are any
     */
    public static void ask(List<String> words) {
        OneTask.takesNoWords(ARGUMENT, words);
        asked = true;
        OneTask.printsOnlyItsResult("ERROR");
    }

    /** Whether the program is to examine and to end. */
    public static boolean isAsked() {
        return asked;
    }

    /**
     * Examines, once. Called before anything else is made, since that may not be possible: when the findings say so it ends the start,
     * which otherwise goes on until {@link #finish}, so that parts of the gateway can refuse the configuration.
     */
    public static void run(Doctor doctor) {
        if (found == null) {
            List<Finding> findings = doctor.examine();
            found = findings;
            if (count(findings, Verdict.IMPOSSIBLE) > 0) {
                finish();
            }
        }
    }

    /** Prints what was found, and ends the start, of which only workers, functions and ports would be left. */
    public static void finish() {
        List<Finding> findings = found();
        print(findings);
        throw new OneTask.Done(exitCode(findings));
    }

    private static List<Finding> found() {
        List<Finding> findings = found;
        return findings == null ? List.of() : findings;
    }

    private static void print(List<Finding> findings) {
        System.out.print(text(findings));
        System.out.flush();
    }

    /**
     * Tells of a key that keeps the gateway from being made, beside what was found before.
     *
     * @param problem null for another failure
     * @return false when this is not the doctor's mode, or another failure
     */
    public static boolean report(@Nullable ConfigurationProblem problem) {
        if (!asked || problem == null) {
            return false;
        }
        List<Finding> findings = new ArrayList<>(found());
        findings.add(Finding.of(problem));
        print(findings);
        return true;
    }

    static int exitCode(List<Finding> findings) {
        return count(findings, Verdict.IMPOSSIBLE) > 0 ? 1 : count(findings, Verdict.WARNING) > 0 ? 2 : 0;
    }

    private static long count(List<Finding> findings, Verdict verdict) {
        return findings.stream().filter(finding -> finding.verdict() == verdict).count();
    }

    /** One paragraph for each finding, those that matter most first. */
    static String text(List<Finding> findings) {
        StringBuilder text = new StringBuilder();
        findings.stream()
                .sorted(Comparator.comparing(Finding::verdict).reversed())
                .forEach(finding -> add(finding, text));
        return text.append(String.format(
                        "%d checks: %d ok, %d warnings, %d that make a start impossible%n",
                        findings.size(),
                        count(findings, Verdict.OK),
                        count(findings, Verdict.WARNING),
                        count(findings, Verdict.IMPOSSIBLE)))
                .toString();
    }

    private static void add(Finding finding, StringBuilder text) {
        text.append(String.format(
                "%-10s %s: %s%n           wanted: %s%n",
                finding.verdict().word(), finding.name(), finding.value(), finding.wanted()));
        if (finding.verdict() != Verdict.OK) {
            text.append(String.format(
                    "           otherwise: %s%n           remedy: %s%n", finding.consequence(), finding.remedy()));
        }
    }
}
