package dev.relais.accesslog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import dev.relais.telemetry.Timeline;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineFormatTest {
    private static final LineFormat JSON = LineFormats.of("json");
    private static final LineFormat COMBINED = LineFormats.of("combined");

    private static String text(LineFormat format, Entry entry) {
        Line line = new Line(ZoneOffset.UTC);
        format.write(entry, line);
        ByteBuffer bytes = line.buffer();
        return StandardCharsets.US_ASCII.decode(bytes).toString();
    }

    private static String by(String pattern, Entries entries, int status) {
        LineFormat format = LineFormats.of(pattern);
        return text(format, entries.end(status, format));
    }

    @Test
    void combinedIsWhatMostToolsRead() {
        Entries entries = new Entries()
                .field("referer", "https://example.org/")
                .field("user-agent", "curl/7")
                .run();
        assertEquals(
                "192.0.2.7 - - [29/Nov/2026:04:30:18 +0000] \"GET /api/hello?name=Ada HTTP/1.1\" 200 11"
                        + " \"https://example.org/\" \"curl/7\"",
                text(COMBINED, entries.end(200, COMBINED)));
        assertTrue(text(COMBINED, new Entries().end(404, COMBINED)).endsWith(" 404 11 \"-\" \"-\""));
    }

    @Test
    void jsonTellsAllThatThereIs() {
        JsonObject line = new JsonObject(
                text(JSON, new Entries().field("host", "a:80").run().end(200, JSON)));
        assertEquals(
                new JsonObject()
                        .put("time", "2026-11-29T04:30:18.123Z")
                        .put("id", "id-1")
                        .put("client", "192.0.2.7")
                        .put("method", "GET")
                        .put("target", "/api/hello?name=Ada")
                        .put("protocol", "HTTP/1.1")
                        .put("host", "a:80")
                        .put("status", 200)
                        .put("source", "php")
                        .put("ending", "whole")
                        .put("bytesIn", 7)
                        .put("bytesOut", 11)
                        .put("seconds", 0.00375)
                        .put("queueSeconds", 0.002)
                        .put("phpSeconds", 0.0015)
                        .put("writeSeconds", 0.00025)
                        .put("script", "/api/hello")
                        .put("worker", 1)
                        .put("pid", 4711)
                        .put("generation", 3)
                        .put("retries", 0)
                        .put("cache", "miss"),
                line);
    }

    @Test
    void jsonLeavesOutWhatThereIsNot() {
        JsonObject line =
                new JsonObject(text(JSON, new Entries().withoutId().target(null).end(404, JSON)));
        for (String name : new String[] {"id", "target", "host", "source", "queueSeconds", "pid", "worker", "cache"}) {
            assertNull(line.getValue(name), line::encode);
        }
        assertEquals(404, line.getInteger("status"));
    }

    @Test
    void aHeadThatCouldNotBeReadHasALineToo() {
        assertEquals(
                "192.0.2.7 - - [29/Nov/2026:04:30:18 +0000] \"-\" 400 11 \"-\" \"-\"",
                text(COMBINED, new Entries().unreadable().end(400, COMBINED)));
        JsonObject line = new JsonObject(text(JSON, new Entries().unreadable().end(400, JSON)));
        assertNull(line.getValue("method"));
        assertEquals("id-1", line.getString("id"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$request_id $status               | id-1 200",
                "$request_time,$queue_time         | 0.003750,0.002000",
                "$php_time $write_time             | 0.001500 0.000250",
                "$worker/$pid/$generation $retries | 1/4711/3 0",
                "$cache:$source:$problem:$ending   | miss:php:-:whole",
                "$request_method$request_uri       | GET/api/hello?name=Ada",
                "$server_protocol 5$ $             | HTTP/1.1 5$ $",
                "$time_iso8601 $script             | 2026-11-29T04:30:18.123Z /api/hello",
                "$body_bytes_received$function     | 7-",
                "[$http_x_trace_id] $host          | [t-1] -",
            })
    void aPatternHasTextAndVariables(String pattern, String line) {
        assertEquals(line, by(pattern, new Entries().field("x-trace-id", "t-1").run(), 200));
    }

    @Test
    void anAnswerThatIsNotWholeIsSaidToBeNone() {
        Entries broken = new Entries().run();
        broken.timeline().brokenOff();
        broken.timeline().problem("timeout");
        assertEquals("504 php timeout broken-off", by("$status $source $problem $ending", broken, 504));
        Entries gone = new Entries().run();
        gone.timeline().brokenOff();
        assertEquals("499 client-gone", by("$status $ending", gone, 499));
    }

    @Test
    void aRunWhoseAnswerNeverCameLastsToTheEnd() {
        Timeline timeline = new Entries().timeline();
        timeline.queued(0);
        timeline.end(499, 0, 0, 3_000);
        Entry waited = Entry.of(timeline, new String[0], 0);
        assertEquals(3_000, waited.queue());
        assertEquals(Timeline.NEVER, waited.php());
        assertEquals(Timeline.NEVER, waited.write());
    }

    /** Nothing that a client sends ends a line or a value, or reaches a terminal. */
    @Test
    void whatClientsSendIsEscaped() {
        String evil = "a\" 200 1\r\n127.0.0.1 \\ \u001b[31m\u0000\u00e4\u007f\u202e";
        Entries entries = new Entries().field("user-agent", evil).target("/api/x\"y\n");
        String line = text(COMBINED, entries.end(200, COMBINED));
        assertTrue(
                line.endsWith("\"a\\x22 200 1\\x0D\\x0A127.0.0.1 \\x5C \\x1B[31m\\x00\\xE4\\x7F\\xE2\\x80\\xAE\""),
                line);
        assertTrue(line.contains("\"GET /api/x\\x22y\\x0A HTTP/1.1\""), line);

        String json = text(JSON, entries.end(200, JSON));
        assertTrue(json.chars().allMatch(c -> c >= ' ' && c <= '~'), json);
        assertEquals(evil, new JsonObject(json).getString("userAgent"));
        assertEquals("/api/x\"y\n", new JsonObject(json).getString("target"));
    }

    @Test
    void aVeryLongValueIsCut() {
        String line = by("$request_uri", new Entries().target("\u00e4".repeat(100_000)), 200);
        assertEquals(4 * Line.LONGEST, line.length());
        JsonObject json = new JsonObject(
                text(JSON, new Entries().target("\u00e4".repeat(100_000)).end(200, JSON)));
        assertEquals(Line.LONGEST, json.getString("target").length());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, 99, 100, 1_234_567_890, Long.MAX_VALUE})
    void aNumberHasAllItsDigits(long number) {
        Line line = new Line(ZoneOffset.UTC).number(number).plain(' ').seconds(number);
        String seconds = new BigDecimal(number / 1000).movePointLeft(6).toPlainString();
        assertEquals(
                number + " " + (seconds.contains(".") ? seconds : seconds + ".000000"),
                StandardCharsets.US_ASCII.decode(line.buffer()).toString());
    }

    /** Each character that is escaped, behind some that are not and before some that are not. */
    @Test
    void whatStandsRoundAnEscapedCharacterStays() {
        for (char c = 0; c < 0x180; c++) {
            String value = "before" + c + "after";
            Entry entry = new Entries().target(value).end(200, JSON);
            assertEquals(value, new JsonObject(text(JSON, entry)).getString("target"));
            String line = by("$request_uri", new Entries().target(value), 200);
            assertTrue(line.matches("before(.|(\\\\x[0-9A-F]{2}){1,2})after"), line);
        }
    }

    @Test
    void offIsNone() {
        assertNull(LineFormats.of("off"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jason", "no variable", "Combined"})
    void whatIsNoFormatIsRefused(String value) {
        ConfigurationProblem problem = assertThrows(ConfigurationProblem.class, () -> LineFormats.of(value));
        assertEquals(
                "relais.access-log.format=" + value
                        + ": is no format; set off, combined, json, or a pattern with variables such as $status",
                problem.getMessage());
    }

    @Test
    void aVariableThatDoesNotExistIsRefusedWithOneThatIsLikeIt() {
        ConfigurationProblem problem =
                assertThrows(ConfigurationProblem.class, () -> LineFormats.of("$remote_adr $status"));
        assertTrue(problem.getMessage().endsWith("did you mean $remote_addr?"), problem.getMessage());
        assertThrows(ConfigurationProblem.class, () -> LineFormats.of("$status\n"));
        assertThrows(ConfigurationProblem.class, () -> LineFormats.of("$status" + "x".repeat(5_000)));
    }
}
