package dev.relais.system;

import dev.relais.ConfigurationProblem;
import dev.relais.OneTask;
import io.quarkus.runtime.ImageMode;
import java.util.List;

/** The mode {@code --version} of the program: it prints the version of Relais, and of java, and ends. The launcher answers it by itself. */
public final class VersionMode {
    /** The argument of the program that asks for it. */
    public static final String ARGUMENT = "--version";

    private static volatile boolean asked;

    private VersionMode() {}

    /**
     * By whoever calls the program.
     *
     * @param words what follows {@link #ARGUMENT}
     * @throws ConfigurationProblem when there are any
     */
    public static void ask(List<String> words) {
        OneTask.takesNoWords(ARGUMENT, words);
        asked = true;
        OneTask.printsOnlyItsResult("ERROR");
    }

    /**
     * Prints the version, if that was asked for.
     *
     * @throws OneTask.Done then
     */
    public static void run(String version) {
        if (asked) {
            System.out.println("relais " + version + ", " + platform());
            throw new OneTask.Done(0);
        }
    }

    private static String platform() {
        return ImageMode.current() == ImageMode.NATIVE_RUN
                ? "native executable"
                : "java " + System.getProperty("java.runtime.version") + " (" + System.getProperty("java.home")
                        + "/bin/java)";
    }
}
