package dev.relais.lifecycle;

import dev.relais.ConfigurationProblem;
import dev.relais.OneTask;
import dev.relais.functions.NewFunction;
import dev.relais.hurl.FunctionTests;
import dev.relais.migration.ImportMode;
import dev.relais.system.DoctorMode;
import dev.relais.system.VersionMode;
import java.util.List;

/** What the arguments of the program ask for, if it is not to serve. */
final class Modes {
    private Modes() {}

    /**
     * Tells the mode that it is asked for. Before Quarkus starts.
     *
     * @throws ConfigurationProblem when there is no such mode, or it does not take these arguments
     * @throws dev.relais.OneTask.Done when that mode needs no Quarkus, and has done its task
     */
    static void ask(List<String> arguments) {
        if (arguments.isEmpty()) {
            return;
        }
        if (Help.isAsked(arguments)) {
            System.out.print(Help.TEXT);
            System.out.flush();
            throw new OneTask.Done(0);
        }
        String mode = arguments.get(0);
        List<String> words = arguments.subList(1, arguments.size());
        switch (mode) {
            case TrainingRun.ARGUMENT -> TrainingRun.ask();
            case VersionMode.ARGUMENT -> VersionMode.ask(words);
            case DoctorMode.ARGUMENT -> DoctorMode.ask(words);
            case NewFunction.ARGUMENT -> NewFunction.ask(words);
            case TestMode.ARGUMENT -> TestMode.ask(words);
            case ImportMode.ARGUMENT -> ImportMode.run(words);
            default -> throw new ConfigurationProblem("argument", mode, "is none that Relais takes", remedy(mode));
        }
    }

    /** Most who write another argument mean a setting. */
    private static String remedy(String argument) {
        return argument.startsWith("-D") || argument.startsWith("-X")
                ? "options of java come before -jar, and before doctor, new, test and import"
                : "write doctor, new, test or import, or nothing to serve; settings are options of java, such as"
                        + " -Drelais.functions.directory=functions; --help tells more";
    }

    /** The exit code of the program when it could not do what its arguments ask for. */
    static int codeOfFailure(List<String> arguments) {
        return switch (arguments.isEmpty() ? "" : arguments.get(0)) {
            case TestMode.ARGUMENT -> FunctionTests.NOT_RUN;
            case ImportMode.ARGUMENT -> ImportMode.UNREADABLE;
            default -> 1;
        };
    }
}
