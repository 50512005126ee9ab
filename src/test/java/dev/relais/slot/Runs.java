package dev.relais.slot;

/** Lets tests of other rooms begin runs. */
public final class Runs {
    private Runs() {}

    public static void begin(RunHistory history, String... functions) {
        for (String function : functions) {
            history.begin(function);
        }
    }

    public static void end(RunHistory history) {
        history.end();
    }
}
