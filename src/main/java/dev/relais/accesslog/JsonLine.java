package dev.relais.accesslog;

import org.jspecify.annotations.Nullable;

/** Lines that are JSON objects, in which what does not exist is left out. Immutable. */
final class JsonLine implements LineFormat {
    @Override
    public String[] fields() {
        return new String[] {"host", "referer", "user-agent"};
    }

    @Override
    public void write(Entry entry, Line line) {
        line.plain("{\"time\":\"").utc(entry.endMillis()).plain('"');
        text(line, ",\"id\":", entry.id());
        text(line, ",\"traceId\":", entry.trace());
        text(line, ",\"client\":", entry.client());
        text(line, ",\"method\":", entry.method());
        text(line, ",\"target\":", entry.target());
        text(line, ",\"protocol\":", entry.protocol());
        text(line, ",\"host\":", entry.values()[0]);
        number(line, ",\"status\":", entry.status());
        text(line, ",\"source\":", entry.sourceWord());
        text(line, ",\"problem\":", entry.problem());
        text(line, ",\"ending\":", entry.ending());
        number(line, ",\"bytesIn\":", entry.bytesIn());
        number(line, ",\"bytesOut\":", entry.bytesOut());
        seconds(line, ",\"seconds\":", entry.total());
        seconds(line, ",\"queueSeconds\":", entry.queue());
        seconds(line, ",\"phpSeconds\":", entry.php());
        seconds(line, ",\"writeSeconds\":", entry.write());
        text(line, ",\"function\":", entry.function());
        text(line, ",\"script\":", entry.script());
        number(line, ",\"worker\":", entry.worker());
        number(line, ",\"pid\":", entry.child());
        number(line, ",\"generation\":", entry.generation());
        number(line, ",\"retries\":", entry.retries());
        text(line, ",\"cache\":", entry.cache());
        text(line, ",\"referer\":", entry.values()[1]);
        text(line, ",\"userAgent\":", entry.values()[2]);
        line.plain('}');
    }

    private static void text(Line line, String key, @Nullable String value) {
        if (value != null) {
            line.plain(key).json(value);
        }
    }

    private static void number(Line line, String key, long value) {
        if (value >= 0) {
            line.plain(key).number(value);
        }
    }

    private static void seconds(Line line, String key, long nanos) {
        if (nanos >= 0) {
            line.plain(key).seconds(nanos);
        }
    }
}
