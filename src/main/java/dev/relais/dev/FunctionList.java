package dev.relais.dev;

import dev.relais.functions.FunctionsStatus;
import dev.relais.functions.PhpFunction;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The functions that are served now, with examples of how they are called. Immutable.
 *
 * @param examples targets, by function
 * @param problem why the last look at the directory has changed nothing; null when it was fine
 */
record FunctionList(
        Map<PhpFunction, List<String>> examples,
        String directory,
        @Nullable String problem) {
    /** Blocks. */
    static FunctionList of(Collection<PhpFunction> functions, FunctionsStatus status) {
        Map<PhpFunction, List<String>> examples = new LinkedHashMap<>();
        functions.forEach(function -> examples.put(function, Examples.of(function)));
        return new FunctionList(examples, status.directory().toString(), status.problem());
    }

    /** GET is what a link does. */
    private static boolean hasLinks(PhpFunction function) {
        return function.settings().allows("GET");
    }

    String html(String script) {
        StringBuilder page = new StringBuilder("<h1>Functions</h1>\n<p><code>")
                .append(Html.escape(directory))
                .append("</code></p>\n");
        if (problem != null) {
            page.append("<h2>The last change is not in force</h2>\n<pre>")
                    .append(Html.escape(problem))
                    .append("</pre>\n");
        }
        page.append(examples.isEmpty() ? "<p>There is none yet: put a PHP file into the folder.</p>\n" : "<table>\n");
        examples.forEach((function, targets) -> {
            page.append("<tr><td>").append(Html.escape(function.name())).append("</td><td>");
            for (String target : targets) {
                String shown = Html.escape(target);
                page.append(hasLinks(function) ? "<a href=\"" + shown + "\">" + shown + "</a><br>" : shown + "<br>");
            }
            page.append("</td><td>")
                    .append(Html.escape(
                            function.settings().allow() == null
                                    ? ""
                                    : function.settings().allow()))
                    .append("</td></tr>\n");
        });
        page.append(examples.isEmpty() ? "" : "</table>\n")
                .append("<p>This page is there in dev mode only.</p>\n")
                .append(script);
        return Html.page("Functions", page.toString());
    }

    String json() {
        JsonArray functions = new JsonArray();
        examples.forEach((function, targets) -> {
            JsonObject one = new JsonObject()
                    .put("name", function.name())
                    .put("path", "/api/" + function.name())
                    .put("script", function.scriptFilename())
                    .put("examples", new JsonArray(targets));
            functions.add(
                    function.settings().allow() == null
                            ? one
                            : one.put("methods", function.settings().allow()));
        });
        return new JsonObject()
                .put("directory", directory)
                .put("problem", problem)
                .put("functions", functions)
                .encodePrettily();
    }
}
