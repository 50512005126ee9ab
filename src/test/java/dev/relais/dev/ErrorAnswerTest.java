package dev.relais.dev;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorAnswerTest {
    private static final PhpError ERROR =
            new PhpError("Fatal error", "Uncaught E: <script>alert(1)</script>\n#0 {main}", "/srv/<a>.php", 7);
    private static final SourceExcerpt EXCERPT = new SourceExcerpt(6, List.of("<?php", "throw \"&\";"));

    private static ErrorAnswer answer(boolean byBrowser) {
        ErrorAnswer.Asked asked = new ErrorAnswer.Asked(
                "POST", "/api/f?<b>", "f\"", "i<d>", List.of(Map.entry("X-<i>", "it's")), byBrowser);
        return ErrorAnswer.of(
                ERROR, asked, List.of("first <u>", "PHP Fatal error"), EXCERPT, "<script src=\"x\"></script>");
    }

    @Test
    void aBrowserGetsAPageOnWhichNothingOfTheRequestIsMarkup() {
        ErrorAnswer answer = answer(true);
        assertEquals(500, answer.head().status());
        assertEquals("text/html; charset=utf-8", answer.head().first("Content-Type"));
        assertEquals("no-store", answer.head().first("Cache-Control"));
        assertTrue(answer.head().first("Content-Security-Policy").startsWith("default-src 'none'; style-src 'sha256-"));
        String page = answer.body();
        for (String part : List.of(
                "<h1>Fatal error: Uncaught E: &lt;script&gt;alert(1)&lt;/script&gt;</h1>",
                "<code>/srv/&lt;a&gt;.php:7</code>",
                "<ol start=\"6\">\n<li><pre>&lt;?php</pre></li>\n"
                        + "<li class=\"at\" aria-current=\"true\"><pre>throw &quot;&amp;&quot;;</pre></li>\n</ol>",
                "#0 {main}",
                "first &lt;u&gt;\nPHP Fatal error",
                "<code>POST /api/f?&lt;b&gt;</code>, function f&quot;, id i&lt;d&gt;",
                "<td>X-&lt;i&gt;</td><td>it&#39;s</td>",
                "<script src=\"x\"></script>\n</body>".replace("\n", ""))) {
            assertTrue(page.contains(part), () -> part + " is missing in " + page);
        }
        for (String tag : List.of("<script>", "<b>", "<i>", "<u>", "<a>")) {
            assertFalse(page.contains(tag), tag);
        }
    }

    @Test
    void aClientOfAnApiGetsAProblem() {
        ErrorAnswer answer = answer(false);
        assertEquals(500, answer.head().status());
        assertEquals("application/problem+json", answer.head().first("Content-Type"));
        JsonObject problem = new JsonObject(answer.body());
        assertEquals("urn:relais:problem:php-error", problem.getString("type"));
        assertEquals(500, problem.getInteger("status"));
        assertEquals("/srv/<a>.php", problem.getString("file"));
        assertEquals(7, problem.getInteger("line"));
        assertEquals("i<d>", problem.getString("requestId"));
        assertTrue(problem.getString("detail").startsWith("Fatal error: Uncaught E: "));
    }

    @Test
    void whatPhpDoesNotSayIsLeftOut() {
        PhpError error = new PhpError("Fatal error", "Out of memory", null, 0);
        ErrorAnswer.Asked asked = new ErrorAnswer.Asked("GET", "/api/f", "f", null, List.of(), true);
        String page = ErrorAnswer.of(error, asked, List.of("one"), new SourceExcerpt(1, List.of()), "")
                .body();
        assertFalse(page.contains("<ol"), page);
        assertFalse(page.contains("As PHP tells it"), page);
        assertFalse(page.contains("Messages of this request"), page);
        ErrorAnswer.Asked api = new ErrorAnswer.Asked("GET", "/api/f", "f", null, List.of(), false);
        assertFalse(ErrorAnswer.of(error, api, List.of(), new SourceExcerpt(1, List.of()), "")
                .body()
                .contains("file"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html,application/xhtml+xml,*/*;q=0.8 | true",
                "application/json, Text/HTML;q=0.1         | true",
                "*/*                                       | false",
                "application/json                          | false",
                "''                                        | false",
            })
    void whoNamesHtmlIsABrowser(String accept, boolean browser) {
        assertEquals(browser, DevExchanges.isBrowsers(accept));
    }
}
