package dev.relais.events;

import org.jboss.logging.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Something that has happened. Its log line begins with fixed words, by which it can be searched for, and goes on with
 * {@code key=value}. In {@code /q/relais} it has a type and the same keys.
 */
public sealed interface Event
        permits BreakerEvent, ContainerEvent, FunctionsEvent, GenerationEvent, RequestEvent, StopEvent, WorkerEvent {
    /** Its fixed name in {@code /q/relais}, such as {@code worker-out}, which users' scripts look for. */
    String type();

    /** How serious it is. */
    default Level level() {
        return Level.INFO;
    }

    /** The fixed words that its log line begins with. */
    String words();

    /** Passes on each detail, in order. */
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
        /**
         * @param value a number, a boolean or text, which may come from a client; null when it is not known, in which case it
         *     is left out
         */
        Details put(String key, @Nullable Object value);
    }
}
