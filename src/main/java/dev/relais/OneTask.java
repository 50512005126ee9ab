package dev.relais;

import java.util.List;

/** A run of the program that does one task instead of serving, such as {@code doctor}: it prints what has come of it, and ends. */
public final class OneTask {
    private OneTask() {}

    /**
     * Refuses words behind the argument that asks for a task.
     *
     * @throws ConfigurationProblem when there are any
     */
    public static void takesNoWords(String argument, List<String> words) {
        if (!words.isEmpty()) {
            throw new ConfigurationProblem(
                    argument, String.join(" ", words), "takes no words", "options of java come before " + argument);
        }
    }

    /** Has only the task's own lines on standard output, and messages of this level and above on standard error. Before Quarkus starts. */
    public static void printsOnlyItsResult(String level) {
        System.getProperties().putIfAbsent("quarkus.banner.enabled", "false");
        System.getProperties().putIfAbsent("quarkus.log.console.stderr", "true");
        System.getProperties().putIfAbsent("quarkus.log.level", level);
    }

    /** Thrown by a task that is done while the gateway starts: it ends the program. It is no failure. */
    public static final class Done extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final int code;

        /** @param code the exit code of the program */
        public Done(int code) {
            super("the task is done", null, false, false);
            this.code = code;
        }

        public int code() {
            return code;
        }
    }
}
