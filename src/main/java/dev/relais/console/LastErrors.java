package dev.relais.console;

import dev.relais.MessageLog;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jboss.logging.Logger.Level;

/**
 * The last {@value #KEPT} warnings and errors of PHP with all of their lines, as far as the log has them, too. Any thread.
 */
@Singleton
class LastErrors {
    static final int KEPT = 50;

    /** The most characters of one that are kept. */
    static final int LONGEST = 8 << 10;

    /**
     * One message.
     *
     * @param number counts up from 1
     * @param function empty when none is known
     * @param origin of which request it is, as in the log
     */
    record Entry(long number, Instant at, Level level, String function, String origin, String message) {
        JsonObject json() {
            return new JsonObject()
                    .put("number", number)
                    .put("at", at.toString())
                    .put("level", level.name().toLowerCase(Locale.ROOT))
                    .put("function", function)
                    .put("origin", origin)
                    .put("message", message);
        }
    }

    private final InstantSource clock;
    private final Deque<Entry> entries = new ArrayDeque<>(); // guarded by itself
    private long number; // guarded by entries

    @Inject
    LastErrors() {
        this(InstantSource.system());
    }

    LastErrors(InstantSource clock) {
        this.clock = clock;
    }

    void onStart(@Observes StartupEvent event) {
        MessageLog.listen(this::add);
    }

    /** As {@link MessageLog.Listener#logged}. */
    void add(Level level, String function, String origin, String message) {
        if (level.compareTo(Level.WARN) > 0) {
            return;
        }
        String kept = message.length() <= LONGEST
                ? message
                : message.substring(0, LONGEST) + "... (" + (message.length() - LONGEST) + " more characters)";
        Instant now = clock.instant();
        synchronized (entries) {
            if (entries.size() == KEPT) {
                entries.removeFirst();
            }
            entries.addLast(new Entry(++number, now, level, function, origin, kept.stripTrailing()));
        }
    }

    /** The newest last. */
    List<Entry> last() {
        synchronized (entries) {
            return new ArrayList<>(entries);
        }
    }
}
