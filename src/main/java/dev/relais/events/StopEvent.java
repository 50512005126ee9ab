package dev.relais.events;

import org.jboss.logging.Logger.Level;

/** What happens while the gateway stops. */
public sealed interface StopEvent extends Event {
    /** A signal asks the gateway to stop, and readiness is DOWN. */
    record Begun() implements StopEvent {
        @Override
        public String type() {
            return "stop-begun";
        }

        @Override
        public String words() {
            return "Stopping, readiness is DOWN";
        }

        @Override
        public void tell(Details to) {}
    }

    /**
     * {@code relais.shutdown.timeout} is over, and what still runs is broken off.
     *
     * @param invocations that have no answer yet
     * @param scripts that go on after their answer
     */
    record TimedOut(long invocations, int scripts) implements StopEvent {
        @Override
        public String type() {
            return "stop-timed-out";
        }

        @Override
        public Level level() {
            return Level.WARN;
        }

        @Override
        public String words() {
            return "What still runs is broken off, for relais.shutdown.timeout is over";
        }

        @Override
        public void tell(Details to) {
            to.put("invocations", invocations).put("scripts", scripts);
        }
    }
}
