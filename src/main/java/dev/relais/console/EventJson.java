package dev.relais.console;

import dev.relais.events.Event;
import dev.relais.events.Events;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Events as JSON, the newest last: {@code at}, {@code type} and {@code level}, then the keys of its log line. */
final class EventJson {
    private EventJson() {}

    static JsonArray of(List<Events.Entry> events) {
        JsonArray array = new JsonArray();
        for (Events.Entry entry : events) {
            array.add(of(entry));
        }
        return array;
    }

    /** With its number, and the words of its log line, for people. */
    static JsonObject withWords(Events.Entry entry) {
        return of(entry)
                .put("number", entry.number())
                .put("words", entry.event().words());
    }

    private static JsonObject of(Events.Entry entry) {
        Event event = entry.event();
        JsonObject json = new JsonObject()
                .put("at", entry.at().toString())
                .put("type", event.type())
                .put("level", event.level().name().toLowerCase(Locale.ROOT));
        event.tell(new Event.Details() {
            @Override
            public Event.Details put(String key, @Nullable Object value) {
                if (value != null) {
                    json.put(key, value);
                }
                return this;
            }
        });
        return json;
    }
}
