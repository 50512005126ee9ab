package dev.relais.lifecycle;

import dev.relais.ConfigurationProblem;
import dev.relais.functions.NewFunction;
import dev.relais.hurl.FunctionTests;
import dev.relais.migration.ImportMode;
import dev.relais.system.DoctorMode;
import java.util.List;

/** What the arguments of the program ask for, if it is not to serve. */
final class Modes {
    private Modes() {}

    /**
     * Tells the mode that it is asked for. Before Quarkus starts.
     *
     * @throws ConfigurationProblem when a mode does not take these arguments
     * @throws dev.relais.OneTask.Done when that mode needs no Quarkus, and has done its task
     */
    static void ask(List<String> arguments) {
        if (arguments.contains(TrainingRun.ARGUMENT)) {
            TrainingRun.ask();
        }
        if (arguments.contains(DoctorMode.ARGUMENT)) {
            DoctorMode.ask();
        }
        if (!arguments.isEmpty()) {
            List<String> words = arguments.subList(1, arguments.size());
            switch (arguments.get(0)) {
                case NewFunction.ARGUMENT -> NewFunction.ask(words);
                case TestMode.ARGUMENT -> TestMode.ask(words);
                case ImportMode.ARGUMENT -> ImportMode.run(words);
                default -> {}
            }
        }
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
