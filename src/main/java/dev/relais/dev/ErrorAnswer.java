package dev.relais.dev;

import dev.relais.fastcgi.ResponseHead;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer in place of that of a script that an error has ended: a page for browsers, which say that they take text/html, and problem details
 * (RFC 9457) for others. Its status is 500.
 *
 * @param head with the type of the body
 */
record ErrorAnswer(ResponseHead head, String body) {
    /**
     * What an error page may tell of its request.
     *
     * @param id of the request; null when it has none
     */
    record Asked(
            String method,
            String target,
            String function,
            @Nullable String id,
            List<Map.Entry<String, String>> fields,
            boolean byBrowser) {}

    /**
     * @param messages all that PHP has told during the request, in its order
     * @param excerpt the lines around the error
     * @param script HTML that goes to the end of a page; empty for none
     */
    static ErrorAnswer of(PhpError error, Asked asked, List<String> messages, SourceExcerpt excerpt, String script) {
        return asked.byBrowser()
                ? new ErrorAnswer(
                        head("text/html; charset=utf-8", "Content-Security-Policy", Html.policy()),
                        page(error, asked, messages, excerpt, script))
                : new ErrorAnswer(head("application/problem+json"), problem(error, asked));
    }

    private static ResponseHead head(String type, String... more) {
        List<String> fields = new ArrayList<>(List.of("Content-Type", type, "Cache-Control", "no-store"));
        fields.addAll(List.of(more));
        return new ResponseHead(500, "Internal Server Error", fields, null);
    }

    private static String problem(PhpError error, Asked asked) {
        JsonObject problem = new JsonObject()
                .put("type", "urn:relais:problem:php-error")
                .put("title", "The PHP code ended with an error.")
                .put("status", 500)
                .put("detail", error.kind() + ": " + error.text());
        if (asked.id() != null) {
            problem.put("requestId", asked.id());
        }
        if (error.file() != null) {
            problem.put("file", error.file()).put("line", error.line());
        }
        return problem.encodePrettily() + "\n";
    }

    private static String page(
            PhpError error, Asked asked, List<String> messages, SourceExcerpt excerpt, String script) {
        StringBuilder page = new StringBuilder(4096)
                .append("<h1>")
                .append(Html.escape(error.kind() + ": " + error.headline()))
                .append("</h1>\n");
        if (error.file() != null) {
            page.append("<p><code>")
                    .append(Html.escape(error.file() + ":" + error.line()))
                    .append("</code></p>\n");
        }
        lines(page, excerpt, error.line());
        if (!error.text().equals(error.headline())) {
            page.append("<h2>As PHP tells it</h2>\n<pre>")
                    .append(Html.escape(error.text()))
                    .append("</pre>\n");
        }
        if (messages.size() > 1) {
            page.append("<h2>Messages of this request</h2>\n<pre>")
                    .append(Html.escape(String.join("\n", messages)))
                    .append("</pre>\n");
        }
        page.append("<h2>The request</h2>\n<p><code>")
                .append(Html.escape(asked.method() + " " + asked.target()))
                .append("</code>, function ")
                .append(Html.escape(asked.function() + (asked.id() == null ? "" : ", id " + asked.id())))
                .append("</p>\n<table>\n");
        for (Map.Entry<String, String> field : asked.fields()) {
            page.append("<tr><td>")
                    .append(Html.escape(field.getKey()))
                    .append("</td><td>")
                    .append(Html.escape(field.getValue()))
                    .append("</td></tr>\n");
        }
        page.append("</table>\n<p>This page is there in dev mode only.</p>\n").append(script);
        return Html.page(error.kind() + ": " + error.headline(), page.toString());
    }

    private static void lines(StringBuilder page, SourceExcerpt excerpt, int at) {
        if (excerpt.lines().isEmpty()) {
            return;
        }
        page.append("<ol start=\"").append(excerpt.first()).append("\">\n");
        for (int i = 0; i < excerpt.lines().size(); i++) {
            page.append(excerpt.first() + i == at ? "<li class=\"at\" aria-current=\"true\"><pre>" : "<li><pre>")
                    .append(Html.escape(excerpt.lines().get(i)))
                    .append("</pre></li>\n");
        }
        page.append("</ol>\n");
    }
}
