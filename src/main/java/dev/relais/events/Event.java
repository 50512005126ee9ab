package dev.relais.events;

import org.jboss.logging.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * One thing that has happened. Its log line begins with fixed words, by which it can be searched, and goes on with {@code key=value}; in
 * {@code /q/relais} it has a type, and the same keys.
 */
public sealed interface Event
        permits BreakerEvent, FunctionsEvent, GenerationEvent, RequestEvent, StopEvent, WorkerEvent {
    /** Its fixed name in {@code /q/relais}, such as {@code worker-out}: users' scripts look for it. */
    String type();

    /** How serious it is. */
    default Level level() {
        return Level.INFO;
    }

    /** The fixed words that its log line begins with. */
    String words();

    /** Tells each detail, in order. */
    void tell(Details to);

    /**
     * The function whose clients can cause the event as often as they like, so that its log lines are limited; null when no client can
     * cause it at will.
     */
    default @Nullable String floodOf() {
        return null;
    }

    /** Takes details. */
    interface Details {
        /** @param value a number, a boolean or text, which may be a stranger's; null when it is not known, then it is left out */
        Details put(String key, @Nullable Object value);
    }
}
