package dev.relais.dev;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.ResponseHead;
import dev.relais.testing.LogLines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchedExchangeTest {
    private static final String FATAL =
            "PHP Fatal error:  Uncaught E: no in /srv/a.php:3\n#0 {main}\n  thrown in /srv/a.php on line 3";
    private static final ResponseHead ERROR_HEAD =
            new ResponseHead(500, "Error", List.of("Content-Type", "x/error"), null);

    private final List<String> told = new ArrayList<>();
    private final LogLines log = new LogLines();
    private long now = 5_000_000_000L;

    private final ExchangeListener listener = new ExchangeListener() {
        @Override
        public void onHead(ResponseHead head) {
            told.add("head " + head.status() + " " + head.fields());
        }

        @Override
        public void onBody(ByteBuf in, int length) {
            told.add("body " + in.toString(in.readerIndex(), length, StandardCharsets.UTF_8));
        }

        @Override
        public void onReadComplete() {
            told.add("read");
        }

        @Override
        public void onStderr(String message) {
            told.add("stderr");
        }

        @Override
        public void onFinished() {
            told.add("finished");
        }

        @Override
        public void onEnd(int appStatus) {
            told.add("end " + appStatus);
        }

        @Override
        public void onFailure(ExchangeFailure failure) {
            told.add("failure");
        }
    };

    private WatchedExchange watched(String script) {
        return new WatchedExchange(
                listener,
                new RequestLines("GET /api/f?\u001b[31m", now),
                script,
                (error, messages) -> new ErrorAnswer(ERROR_HEAD, error.headline() + " after " + messages.size()),
                () -> now);
    }

    @AfterEach
    void stopListening() {
        log.close();
    }

    private static ResponseHead head(int status, String... fields) {
        return new ResponseHead(status, "", List.of(fields), null);
    }

    private static void body(ExchangeListener to, String text) {
        ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
        to.onBody(bytes, bytes.readableBytes());
    }

    private String lines() {
        return String.join("|", log.lines().toList());
    }

    @Test
    void anAnswerPassesAndHasItsLine() {
        WatchedExchange exchange = watched("");
        exchange.onHead(head(201, "Content-Type", "text/html", "Content-Length", "2"));
        body(exchange, "ok");
        exchange.onReadComplete();
        now += 3_000_000;
        exchange.onEnd(0);

        assertEquals(
                List.of("head 201 [Content-Type, text/html, Content-Length, 2]", "body ok", "read", "end 0"), told);
        assertEquals("GET /api/f?\\u001b[31m 201 in 3 ms", lines());
    }

    @Test
    void messagesStandBelowTheLineOfTheirRequest() {
        WatchedExchange exchange = watched("");
        exchange.onStderr("PHP Warning:  Undefined $x in /srv/a.php on line 3");
        exchange.onStderr("");
        exchange.onHead(head(200));
        exchange.onStderr("two\nlines\n");
        exchange.onEnd(0);

        assertEquals(List.of("head 200 []", "end 0"), told);
        assertEquals(
                "GET /api/f?\\u001b[31m 200 in 0 ms\n    PHP Warning:  Undefined $x in /srv/a.php on line 3\n    two\n    lines",
                lines());
    }

    @Test
    void theMessagesOfALongRequestAreNotHeldBack() {
        WatchedExchange exchange = watched("");
        exchange.onStderr("early");
        now += 2_000_000_000;
        exchange.onStderr("late");
        exchange.onStderr("later");
        exchange.onHead(head(200));
        exchange.onEnd(0);

        String request = "GET /api/f?\\u001b[31m ";
        assertEquals(
                request + "is running\n    early\n    late|" + request + "is running\n    later|" + request
                        + "200 in 2000 ms",
                lines());
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 500})
    void anErrorBeforeTheHeadTakesThePlaceOfTheAnswer(int status) {
        WatchedExchange exchange = watched("");
        exchange.onStderr("before");
        exchange.onStderr(FATAL);
        exchange.onHead(head(status, "Content-Type", "text/html"));
        body(exchange, "half of a page");
        exchange.onReadComplete();
        exchange.onEnd(255);

        assertEquals(
                List.of("head 500 [Content-Type, x/error]", "body Uncaught E: no in /srv/a.php:3 after 2", "end 255"),
                told);
        assertTrue(lines().startsWith("GET /api/f?\\u001b[31m 500 in 0 ms\n    before\n    PHP Fatal error:"), lines());
    }

    @Test
    void anErrorBehindTheHeadLeavesTheAnswer() {
        WatchedExchange exchange = watched("");
        exchange.onHead(head(200));
        body(exchange, "half");
        exchange.onStderr(FATAL);
        body(exchange, "more");
        exchange.onEnd(255);

        assertEquals(List.of("head 200 []", "body half", "body more", "end 255"), told);
    }

    @Test
    void htmlGetsTheScriptAtItsEndAndNoLength() {
        WatchedExchange exchange = watched("<s>");
        exchange.onHead(
                head(404, "content-length", "6", "Content-Type", "Text/HTML; charset=utf-8", "Content-Length", "6"));
        body(exchange, "<html>");
        exchange.onEnd(0);

        assertEquals(
                List.of("head 404 [Content-Type, Text/HTML; charset=utf-8]", "body <html>", "body <s>", "end 0"), told);
    }

    @Test
    void theScriptComesOnceBeforeWhatTheScriptDoesAfterItsAnswer() {
        WatchedExchange exchange = watched("<s>");
        exchange.onHead(head(200, "Content-Type", "text/html"));
        exchange.onFinished();
        exchange.onEnd(0);

        assertEquals(List.of("head 200 [Content-Type, text/html]", "body <s>", "finished", "end 0"), told);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "200 Content-Type application/json",
                "200 X-None none",
                "304 Content-Type text/html",
                "204 Content-Type text/html",
                "200 Content-Type text/html Content-Encoding gzip",
                "200 Content-Type text/html X-Sendfile /srv/a",
                "200 Content-Type text/html X-Accel-Redirect /a",
            })
    void otherAnswersGetNoScript(String head) {
        String[] words = head.split(" ", 2);
        WatchedExchange exchange = watched("<s>");
        exchange.onHead(head(Integer.parseInt(words[0]), words[1].split(" ")));
        exchange.onEnd(0);

        assertEquals(2, told.size(), told::toString);
    }

    @Test
    void aFailureIsToldOf() {
        WatchedExchange exchange = watched("");
        exchange.onFailure(new ExchangeFailure.ConnectionLost("gone", true));

        assertEquals(List.of("failure"), told);
        assertEquals("GET /api/f?\\u001b[31m failed (gone) in 0 ms", lines());
    }
}
