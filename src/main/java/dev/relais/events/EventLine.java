package dev.relais.events;

import dev.relais.LogText;
import org.jspecify.annotations.Nullable;

/** The log line of an {@link Event}: its fixed words, then each detail as {@code key=value}. */
final class EventLine implements Event.Details {
    private final StringBuilder line;
    private boolean some;

    private EventLine(String words) {
        this.line = new StringBuilder(words);
    }

    static String of(Event event) {
        EventLine line = new EventLine(event.words());
        event.tell(line);
        return line.line.toString();
    }

    @Override
    public Event.Details put(String key, @Nullable Object value) {
        if (value != null) {
            line.append(some ? " " : ": ").append(key).append('=').append(LogText.value(value));
            some = true;
        }
        return this;
    }
}
