package dev.relais.events;

import org.jboss.logging.Logger.Level;
import org.jspecify.annotations.Nullable;

/** What happens at the circuit breaker of a function, or of one script of an application. */
public sealed interface BreakerEvent extends Event {
    String function();

    /** The script; null when the function is one script. */
    @Nullable
    String script();

    /**
     * The function or script is refused, because it kills the processes that run it.
     *
     * @param killed the least number of processes that it killed
     * @param windowMillis within this time
     * @param pauseMillis until a run is let through as a trial
     */
    record Opened(String function, @Nullable String script, int killed, long windowMillis, long pauseMillis)
            implements BreakerEvent {
        @Override
        public String type() {
            return "breaker-opened";
        }

        @Override
        public Level level() {
            return Level.WARN;
        }

        @Override
        public String words() {
            return "Function kills the PHP processes that run it and is refused with 503";
        }

        @Override
        public void tell(Details to) {
            to.put("function", function)
                    .put("script", script)
                    .put("killed", killed)
                    .put("window", windowMillis + "ms")
                    .put("pause", pauseMillis + "ms");
        }
    }

    /** A trial went well, so the function or script is served again. */
    record Closed(String function, @Nullable String script) implements BreakerEvent {
        @Override
        public String type() {
            return "breaker-closed";
        }

        @Override
        public String words() {
            return "Function is served again";
        }

        @Override
        public void tell(Details to) {
            to.put("function", function).put("script", script);
        }
    }
}
