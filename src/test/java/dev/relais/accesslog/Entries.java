package dev.relais.accesslog;

import dev.relais.slot.OwnerNumbers;
import dev.relais.telemetry.Timeline;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Makes invocations that have ended, and entries of them. */
final class Entries implements Timeline.Request {
    /** 2026-11-29T04:30:18.123Z. */
    static final long NOW = 1_795_926_618_123L;

    private final Map<String, String> fields = new HashMap<>();
    private String id = "id-1";
    private String method = "GET";
    private String protocol = "HTTP/1.1";
    private String target = "/api/hello?name=Ada";
    private final Timeline timeline = new Timeline(this, 0);

    Entries field(String name, String value) {
        fields.put(name, value);
        return this;
    }

    Entries target(String value) {
        target = value;
        return this;
    }

    /** Nothing is known of it but its client and its id. */
    Entries unreadable() {
        method = null;
        target = null;
        protocol = null;
        return this;
    }

    Entries withoutId() {
        id = null;
        return this;
    }

    /** It waits for 2 ms, runs for 1.5 ms, and its answer takes 0.25 ms to its client. */
    Entries run() {
        timeline.queued(0);
        timeline.claimed(new OwnerNumbers(1, 3), 4711, "/api/hello", TimeUnit.MICROSECONDS.toNanos(2_000));
        timeline.firstByte(TimeUnit.MICROSECONDS.toNanos(3_000));
        timeline.lastByte(TimeUnit.MICROSECONDS.toNanos(3_500));
        timeline.cacheBy(() -> "miss");
        timeline.answeredBy(Timeline.Source.PHP);
        return this;
    }

    Timeline timeline() {
        return timeline;
    }

    Timeline ended(int status) {
        timeline.end(status, 7, 11, TimeUnit.MICROSECONDS.toNanos(3_750));
        return timeline;
    }

    Entry end(int status, LineFormat format) {
        return Entry.of(ended(status), format.fields(), NOW);
    }

    @Override
    public String clientAddress() {
        return "192.0.2.7";
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    public String protocol() {
        return protocol;
    }

    @Override
    public String field(String name) {
        return fields.get(name);
    }
}
