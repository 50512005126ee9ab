package dev.relais.dev;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.functions.FunctionSettings;
import dev.relais.functions.PhpFunction;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionListTest {
    @TempDir
    Path folder;

    private PhpFunction function(String name, String script, FunctionSettings settings) throws IOException {
        Path file = folder.resolve(name + ".php");
        Files.createDirectories(file.getParent());
        Files.writeString(file, script);
        return new PhpFunction(name, file.toString(), folder.toString(), "/api/" + name, false, "1", null, settings);
    }

    private PhpFunction function(String name, String script) throws IOException {
        return function(name, script, FunctionSettings.defaults(1));
    }

    @Test
    void examplesComeFromTheTestAndTheFirstComment() throws IOException {
        PhpFunction hello =
                function("hello", "<?php\n// GET /api/hello?name=Ada: greets, unlike /api/hellos or /api/other.\n");
        Files.writeString(
                folder.resolve("hello.hurl"),
                "GET {{host}}/api/hello/x?a=b\nHTTP 200\nPOST {{host}}/api/hello/no\nGET {{host}}/api/hello/{{id}}\nGET {{host}}/api/hello?q=\"no\n");
        assertEquals(List.of("/api/hello/x?a=b", "/api/hello?name=Ada"), Examples.of(hello));
    }

    @Test
    void withoutExamplesThePathIsOne() throws IOException {
        assertEquals(List.of("/api/a/b"), Examples.of(function("a/b", "<?php echo 'x';")));
        PhpFunction gone = new PhpFunction(
                "gone", "/nothing/gone.php", "/nothing", "/api/gone", false, "1", null, FunctionSettings.defaults(1));
        assertEquals(List.of("/api/gone"), Examples.of(gone));
    }

    @Test
    void thereAreFewOfThem() throws IOException {
        PhpFunction hello = function("hello", "<?php");
        Files.writeString(
                folder.resolve("hello.hurl"),
                "GET {{host}}/api/hello?a=0\n".repeat(3)
                        + "GET {{host}}/api/hello?a=1\nGET {{host}}/api/hello?a=2\nGET {{host}}/api/hello?a=3\n"
                        + "GET {{host}}/api/hello?a=4\nGET {{host}}/api/hello?a=5\n");
        assertEquals(5, Examples.of(hello).size());
    }

    @Test
    void theListHasLinksForWhatALinkCanCall() throws IOException {
        Map<PhpFunction, List<String>> examples = new LinkedHashMap<>();
        examples.put(function("a", "<?php"), List.of("/api/a?x=1&y=<2>"));
        examples.put(
                function(
                        "b",
                        "<?php",
                        FunctionSettings.defaults(1).toBuilder()
                                .methods(List.of("POST"))
                                .build()),
                List.of("/api/b"));
        FunctionList list = new FunctionList(examples, "/srv/<f>", "functions.yaml line 1: \"x\"");

        String html = list.html("<script></script>");
        assertTrue(html.contains("<a href=\"/api/a?x=1&amp;y=&lt;2&gt;\">/api/a?x=1&amp;y=&lt;2&gt;</a>"), html);
        assertFalse(html.contains("href=\"/api/b\""), html);
        assertTrue(html.contains("<td>POST</td>"), html);
        assertTrue(html.contains("functions.yaml line 1: &quot;x&quot;"), html);
        assertTrue(html.contains("/srv/&lt;f&gt;"), html);
        assertTrue(html.endsWith("<script></script></body>\n</html>\n"), html);

        JsonObject json = new JsonObject(list.json());
        assertEquals("/srv/<f>", json.getString("directory"));
        JsonObject first = json.getJsonArray("functions").getJsonObject(0);
        assertEquals("a", first.getString("name"));
        assertEquals("/api/a", first.getString("path"));
        assertEquals(List.of("/api/a?x=1&y=<2>"), first.getJsonArray("examples").getList());
        assertEquals("POST", json.getJsonArray("functions").getJsonObject(1).getString("methods"));
    }

    @Test
    void anEmptyFolderSaysHowToBegin() {
        assertTrue(new FunctionList(Map.of(), "/srv", null).html("").contains("There is none yet"));
    }
}
