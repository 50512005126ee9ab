package dev.relais.lifecycle;

import dev.relais.ConfigurationProblem;
import dev.relais.functions.NewFunction;
import dev.relais.hurl.FunctionTests;
import dev.relais.system.DoctorMode;
import java.util.List;

/** What the arguments of the program ask for, if it is not to serve. */
final class Modes {
    private Modes() {}

    /**
     * Tells the mode that it is asked for. Before Quarkus starts.
     *
     * @throws ConfigurationProblem when a mode does not take these arguments
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
                default -> {}
            }
        }
    }

    /** The exit code of the program when it could not do what its arguments ask for. */
    static int codeOfFailure(List<String> arguments) {
        boolean tests = !arguments.isEmpty() && arguments.get(0).equals(TestMode.ARGUMENT);
        return tests ? FunctionTests.NOT_RUN : 1;
    }
}
