package dev.relais.lifecycle;

import dev.relais.worker.Generations.Result;

/** Why a new generation does not serve, in one line. */
final class SwitchProblem extends Exception {
    private static final long serialVersionUID = 1;

    private final Result result;

    SwitchProblem(String problem) {
        this(Result.FAILED, problem);
    }

    SwitchProblem(Result result, String problem) {
        super(problem, null, false, false);
        this.result = result;
    }

    Result result() {
        return result;
    }
}
