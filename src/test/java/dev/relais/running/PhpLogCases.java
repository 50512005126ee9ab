package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.LogLines;
import dev.relais.testing.Side;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What of the words of PHP is in the gateway's log, whichever way they take. */
abstract class PhpLogCases extends RunningGateway {
    final LogLines lines = new LogLines();

    @AfterEach
    void stopListening() {
        lines.close();
    }

    final long times(String text) {
        return lines.lines().filter(line -> line.contains(text)).count();
    }

    /** How much of one line certainly arrives of a process that is killed while the gateway's machine is busy, in bytes. */
    abstract int mostAtDeath();

    /** Waits until a last line has come through the same pipe, so that everything before it is in the log. */
    final void awaitPipe() throws IOException {
        long before = times("from stderr");
        get("/api/log");
        await().until(() -> times("from stderr") > before);
    }

    @Test
    void whatAFunctionLogsIsOneLineWithItsRequest() throws IOException {
        Answer answer = get("/api/log?a=b");
        assertEquals("logged", answer.text());

        String line = "PHP: function=log method=GET target=/api/log?a=b request-id=" + answer.header("X-Request-Id")
                + " message=first line\\nforged \\u001b[31mline";
        await().until(() -> lines.lines().anyMatch(line::equals));
        await("its other line, which the next test would count").until(() -> times("message=from stderr") == 1);
    }

    @Test
    void whatAFunctionWritesToItsStandardErrorAppearsOnce() throws IOException {
        assertEquals("logged", get("/api/log").text());

        await().until(() -> times("message=from stderr") == 1);
        assertTrue(lines.lines()
                .anyMatch(line -> line.matches("PHP: function=log worker=\\d+ child=\\d+ message=from stderr")));
    }

    /** The mark is a secret of the gateway, which every call of {@code fastcgi_finish_request} sends. */
    @Test
    void theMarkOfAnAnswersEndIsInNoLog() throws IOException {
        for (String how : new String[] {"plain", "logs", "twice"}) {
            try (Side side = new Side()) {
                side.open("gate");
                get("/api/finish?how=" + how + "&" + side.query());
                side.await("through-");
            }
        }
        await().until(this::isWhole);
        awaitPipe();

        assertEquals(0, times("relais-finish"));
    }

    @Test
    void whyAScriptFailedIsInTheLogOnceWithItsTrace() throws IOException {
        String id = get("/api/end?how=throw").header("X-Request-Id");

        await().until(() ->
                times("function=end method=GET target=/api/end?how=throw request-id=" + id + " message=PHP Fatal error")
                        == 1);
        awaitPipe();
        assertEquals(1, times("secret of the script"));
        assertEquals(1, times("#0 {main}"));
        assertTrue(lines.lines().noneMatch(line -> line.contains("\n")));
    }

    @Test
    void aMessageOfAnyLengthAndShapeComesWholeAndOnce() throws IOException {
        for (int length : new int[] {0, 1, 1023, 1024, 1025, 8150, 8191, 8192, 8193, 65_535, 65_536, 262_000}) {
            for (String to : new String[] {"log", "stderr", "stdout"}) {
                lines.clear();
                get("/api/say?to=" + to + "&n=" + length);
                String whole = "begin" + "\u00e4".repeat(length / 2) + (length % 2 == 0 ? "" : "x") + "end";
                await().until(() -> times("message=" + whole) == 1);
            }
        }
        lines.clear();
        get("/api/say?to=odd");
        await().until(() -> times("message=\\u202egpj.exe\\xff\\r\\ntwo; three") == 1);
        await().until(() -> times("message=separate") == 1);
        awaitPipe();
        assertEquals(1, times("two; three"));
        assertEquals(1, times("separate"));
    }

    @Test
    void aMessageBeyondTheLimitIsCutAndItsRestCounted() throws IOException {
        int length = 600_000;
        for (String to : new String[] {"log", "stderr"}) {
            lines.clear();
            get("/api/say?to=" + to + "&n=" + length);
            await().until(() -> times("message=begin\u00e4") == 1 && times(" more bytes)") >= 1);
            String line = lines.lines()
                    .filter(one -> one.contains("message=begin"))
                    .findFirst()
                    .orElseThrow();
            assertTrue(line.length() > 130_000 && line.length() < 300_000, to + " wrote " + line.length());
        }
    }

    @Test
    void jsonOnManyLinesIsJsonOnOne() throws IOException {
        for (int length : new int[] {0, 1023, 8192, 250_000}) {
            lines.clear();
            get("/api/say?to=json&n=" + length);
            await().until(() -> times("message={") == 1);
            String line = lines.lines()
                    .filter(one -> one.contains("message={"))
                    .findFirst()
                    .orElseThrow();
            JsonObject value = new JsonObject(line.substring(line.indexOf("message={") + "message=".length()));
            assertEquals("line\nbreak \u202e\t\\n {", value.getString("text"));
            assertEquals("x".repeat(length), value.getString("pad"));
        }
        awaitPipe();
        assertEquals(1, times("list"));
    }

    @Test
    void theLinesOfTwoChildrenAtOnceAreNotMixed() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(2);
        try {
            List<Future<Answer>> asked = Stream.of("p", "q")
                    .map(c -> clients.submit(() -> get("/api/say?to=lines&c=" + c)))
                    .toList();
            for (Future<Answer> one : asked) {
                assertEquals("said", one.get().text());
            }
        } finally {
            clients.shutdownNow();
        }
        for (String c : new String[] {"p", "q"}) {
            await().until(() -> lines.lines().anyMatch(said(c.repeat(2000) + " 99")));
            List<String> numbers = lines.lines()
                    .filter(line -> line.contains("message=" + c.repeat(2000) + " "))
                    .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                    .toList();
            assertEquals(IntStream.range(0, 100).mapToObj(Integer::toString).toList(), numbers);
        }
    }

    @Test
    void whatAKilledProcessHasWrittenOfALineIsInTheLogOnce() throws IOException {
        int length = mostAtDeath();
        get("/api/say?to=cut&n=" + length);

        await().until(() -> lines.lines().anyMatch(said("begin" + "y".repeat(length))));
        awaitPipe();
        assertEquals(1, times("yyyy"));
    }

    @Test
    void theLastWordsOfEachProcessAreInTheLogOnce() throws IOException {
        int processes =
                40; // they end while the log, the connection and the master are each told of it in an order of chance
        for (int n = 0; n < processes; n++) {
            get("/api/say?to=death&n=" + n);
        }

        await().untilAsserted(() -> {
            for (int n = 0; n < processes; n++) {
                assertTrue(lines.lines().anyMatch(said("last words " + n)), "lost: " + n);
            }
        });
        awaitPipe();
        assertEquals(processes, times("last words"), lines::toString);
    }

    @Test
    void theLastWordsOnStandardErrorAreInTheLogOnceWithTheirProcess() throws IOException {
        int processes = 20;
        for (int n = 0; n < processes; n++) {
            get("/api/say?to=stderrdeath&n=" + n);
        }

        await().untilAsserted(() -> {
            for (int n = 0; n < processes; n++) {
                String end = "last line " + n;
                assertEquals(1, lines.lines().filter(said(end)).count(), () -> "lost: " + end);
            }
        });
        // Where the master passes the words on, the child's connection may end before them: then its function is not
        // known any more.
        assertTrue(lines.lines()
                .filter(line -> line.contains("last line"))
                .allMatch(line -> line.matches("PHP: (function=say )?worker=\\d+ child=\\d+ message=last line \\d+")));
    }

    @Test
    void linesWithoutAnEndEmptyLinesAndMarksOfFpmAreWhatTheyWere() throws IOException {
        get("/api/say?to=shapes");

        await().until(() -> times("message=no end") == 1);
        awaitPipe();
        for (String line : new String[] {"one", "two", "a\\u0000b", "\\u0000fsc", "cut", "off", "no end"}) {
            assertEquals(1, lines.lines().filter(said(line)).count(), () -> line + " in " + lines);
        }
    }

    @Test
    void whatProgramsOfAScriptWriteIsInTheLogUnlessTheScriptTakesIt() throws IOException {
        assertEquals("taken", get("/api/say?to=program").text());

        await().until(() -> times("message=by a program") == 1 && times("message=in the background") == 1);
        awaitPipe();
        assertEquals(0, times("message=taken"));
    }

    @Test
    void aScriptThatLogsToItsStandardErrorByAPathIsHeard() throws IOException {
        get("/api/say?to=path");

        await().until(() -> times("by the path of a stream") == 1);
    }

    @Test
    void moreThanAPipeHoldsComesWholeAndInOrder() throws IOException {
        get("/api/say?to=many");

        await().until(() -> lines.lines().anyMatch(said("line 19999")));
        List<String> numbers = lines.lines()
                .filter(line -> line.contains("message=line "))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .toList();
        assertEquals(IntStream.range(0, 20_000).mapToObj(Integer::toString).toList(), numbers);
    }

    static Predicate<String> said(String message) {
        return line -> line.endsWith("message=" + message);
    }

    @Test
    void aFloodOfOneRequestIsCutAndCounted() throws IOException {
        for (String to : new String[] {"floodlog", "floodstderr"}) {
            lines.clear();
            get("/api/say?to=" + to);
            await().until(() -> times("left out of one run's messages") >= 1);
            awaitPipe();
            long all = lines.lines().mapToLong(String::length).sum();
            assertTrue(all < 4 << 20, to + " wrote " + all);
        }
    }

    @Test
    void aClientThatIsRefusedAgainAndAgainWritesAFewLinesOnly() throws IOException {
        long begin = System.nanoTime();
        int asked = 0;
        // A test before this one may have used up what the interval allows.
        while (asked < 60 || times("Request failed: function=end") == 0) {
            assertEquals(502, get("/api/end?how=kill&flood=" + asked % 2).status());
            asked++;
            assertTrue(System.nanoTime() - begin < 60_000_000_000L, lines::toString);
        }
        assertTrue(times("Request failed: function=end") <= asked / 2, lines::toString);
    }
}
