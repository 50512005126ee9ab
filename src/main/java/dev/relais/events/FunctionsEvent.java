package dev.relais.events;

import org.jboss.logging.Logger.Level;

/** What happens to the functions directory and its settings. */
public sealed interface FunctionsEvent extends Event {
    /** The functions were loaded for the first time. */
    record Loaded(int count, String directory) implements FunctionsEvent {
        @Override
        public String type() {
            return "functions-loaded";
        }

        @Override
        public String words() {
            return "Functions are loaded";
        }

        @Override
        public void tell(Details to) {
            to.put("count", count).put("directory", directory);
        }
    }

    /**
     * Changed functions are in force.
     *
     * @param changed their names, some of them when they are many
     */
    record Reloaded(int count, String changed) implements FunctionsEvent {
        @Override
        public String type() {
            return "functions-reloaded";
        }

        @Override
        public String words() {
            return "Functions are reloaded";
        }

        @Override
        public void tell(Details to) {
            to.put("count", count).put("changed", changed);
        }
    }

    /** The directory cannot be read, or its {@code functions.yaml} is wrong. What was in force stays. */
    record Refused(String reason) implements FunctionsEvent {
        @Override
        public String type() {
            return "functions-refused";
        }

        @Override
        public Level level() {
            return Level.ERROR;
        }

        @Override
        public String words() {
            return "Functions cannot be loaded and the last good ones stay";
        }

        @Override
        public void tell(Details to) {
            to.put("reason", reason);
        }
    }

    /** The functions are in force, but something in the directory has another effect than its owner may expect. */
    record Warned(String reason) implements FunctionsEvent {
        @Override
        public String type() {
            return "functions-warned";
        }

        @Override
        public Level level() {
            return Level.WARN;
        }

        @Override
        public String words() {
            return "Functions have a warning";
        }

        @Override
        public void tell(Details to) {
            to.put("reason", reason);
        }
    }

    /** The problem has ended. */
    record Mended() implements FunctionsEvent {
        @Override
        public String type() {
            return "functions-mended";
        }

        @Override
        public String words() {
            return "Functions can be loaded again";
        }

        @Override
        public void tell(Details to) {}
    }
}
