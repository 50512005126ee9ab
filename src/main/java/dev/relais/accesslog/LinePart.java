package dev.relais.accesslog;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One part of a line that a {@link LinePattern} writes. */
interface LinePart {
    /** The variables by name, but for those that read a field of the request. */
    Map<String, LinePart> ALL = all();

    void write(Entry entry, Line line);

    static void text(Line line, @Nullable String value) {
        line.escaped(value == null || value.isEmpty() ? "-" : value);
    }

    static void number(Line line, long value) {
        if (value < 0) {
            line.plain('-');
        } else {
            line.number(value);
        }
    }

    static void seconds(Line line, long nanos) {
        if (nanos < 0) {
            line.plain('-');
        } else {
            line.seconds(nanos);
        }
    }

    private static Map<String, LinePart> all() {
        Map<String, LinePart> all = new TreeMap<>();
        all.put("remote_addr", (entry, line) -> text(line, entry.client()));
        all.put("remote_user", (entry, line) -> line.plain('-')); // Relais checks no passwords
        all.put("time_local", (entry, line) -> line.local(entry.endMillis()));
        all.put("time_iso8601", (entry, line) -> line.utc(entry.endMillis()));
        all.put("request", LinePart::request);
        all.put("request_method", (entry, line) -> text(line, entry.method()));
        all.put("request_uri", (entry, line) -> text(line, entry.target()));
        all.put("server_protocol", (entry, line) -> text(line, entry.protocol()));
        all.put("request_id", (entry, line) -> text(line, entry.id()));
        all.put("trace_id", (entry, line) -> text(line, entry.trace()));
        all.put("status", (entry, line) -> line.number(entry.status()));
        all.put("body_bytes_sent", (entry, line) -> line.number(entry.bytesOut()));
        all.put("body_bytes_received", (entry, line) -> line.number(entry.bytesIn()));
        all.put("request_time", (entry, line) -> seconds(line, entry.total()));
        all.put("queue_time", (entry, line) -> seconds(line, entry.queue()));
        all.put("php_time", (entry, line) -> seconds(line, entry.php()));
        all.put("write_time", (entry, line) -> seconds(line, entry.write()));
        all.put("function", (entry, line) -> text(line, entry.function()));
        all.put("script", (entry, line) -> text(line, entry.script()));
        all.put("worker", (entry, line) -> number(line, entry.worker()));
        all.put("pid", (entry, line) -> number(line, entry.child()));
        all.put("generation", (entry, line) -> number(line, entry.generation()));
        all.put("retries", (entry, line) -> line.number(entry.retries()));
        all.put("cache", (entry, line) -> text(line, entry.cache()));
        all.put("source", (entry, line) -> text(line, entry.sourceWord()));
        all.put("problem", (entry, line) -> text(line, entry.problem()));
        all.put("ending", (entry, line) -> text(line, entry.ending()));
        return all;
    }

    private static void request(Entry entry, Line line) {
        text(line, entry.method());
        if (entry.method() != null) {
            text(line.plain(' '), entry.target());
            text(line.plain(' '), entry.protocol());
        }
    }
}
