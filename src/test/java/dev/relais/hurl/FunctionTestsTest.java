package dev.relais.hurl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** Files of tests, run against a gateway that answers what the test says. */
class FunctionTestsTest {
    @TempDir
    Path folder;

    private final List<SentRequest> sent = new ArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private Sender sender = request -> {
        String text = "{\"id\": 7, \"target\": \"" + request.target() + "\"}";
        return new Reply(
                200, Map.of("Content-Type", List.of("application/json")), text.getBytes(StandardCharsets.UTF_8));
    };
    private long clock;

    private int run(Path junit) {
        Sender recording = request -> {
            sent.add(request);
            return sender.send(request);
        };
        return new FunctionTests(
                        folder, new PrintStream(out), new PrintStream(errors), recording, () -> clock += 1_000_000)
                .run("http://gateway", junit);
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void allFilesRunInTheirOrderAndEachTestHasItsLine() throws IOException {
        write("b.hurl", "# two\nGET {{host}}/b\nHTTP 200\n\n# three\nGET {{host}}/c\nHTTP 404\nX-A: b\n");
        write("a/a.hurl", "# one\nGET {{host}}/a\nHTTP 200\n[Asserts]\njsonpath \"$.id\" == 7\n");
        write("vendor/x.hurl", "GET {{host}}/no\n");
        write(".git/x.hurl", "GET {{host}}/no\n");
        write("c.txt", "no test\n");

        assertEquals(FunctionTests.FAILED, run(null));
        assertEquals("""
                ok    a/a.hurl: one (1 ms)
                ok    b.hurl: two (1 ms)
                FAIL  b.hurl: three (1 ms)
                      line 7: HTTP 404: status is 200, body is "{\\"id\\": 7, \\"target\\": \\"http://gateway/c\\"}"
                      line 7: X-A: b: is not there
                3 tests: 2 passed, 1 failed
                """, out.toString());
        assertEquals("", errors.toString());
    }

    @Test
    void whatIsCapturedIsUsedByLaterRequestsOfTheFile() throws IOException {
        Files.writeString(folder.resolve("data.txt"), "from a file");
        write("a.hurl", """
                GET {{host}}/first
                HTTP 200
                [Captures]
                id: jsonpath "$.id"

                PUT {{host}}/items/{{id}}
                If-Match: "{{ id }}"
                [Query]
                q: {{id}} & more
                [Form]
                text: \u00e4{{id}}
                HTTP 200

                POST {{host}}/json
                {"id": {{id}}}

                POST {{host}}/file?a
                Content-Type: text/plain
                [Query]
                b: c
                file,data.txt;
                """);

        assertEquals(FunctionTests.PASSED, run(null), out::toString);
        SentRequest put = sent.get(1);
        assertEquals("PUT http://gateway/items/7?q=7+%26+more", put.method() + " " + put.target());
        assertEquals(
                List.of(new Field("If-Match", "\"7\""), new Field("Content-Type", "application/x-www-form-urlencoded")),
                put.headers());
        assertEquals("text=%C3%A47", new String(put.body(), StandardCharsets.UTF_8));
        assertEquals("{\"id\": 7}", new String(sent.get(2).body(), StandardCharsets.UTF_8));
        assertEquals(
                List.of(new Field("Content-Type", "application/json")),
                sent.get(2).headers());
        assertEquals("http://gateway/file?a&b=c", sent.get(3).target());
        assertEquals(
                List.of(new Field("Content-Type", "text/plain")), sent.get(3).headers());
        assertEquals("from a file", new String(sent.get(3).body(), StandardCharsets.UTF_8));
    }

    @Test
    void partsAreTextsAndFiles() throws IOException {
        Files.writeString(folder.resolve("data.txt"), "from a file");
        write("a/a.hurl", "POST {{host}}/a\n[Multipart]\ntext: \u00e9{{host}}\n");
        write(
                "b.hurl",
                "POST {{host}}/a\n[MultipartFormData]\nf[]: file,data.txt; text/plain\nf[]: file, data.txt ;\n");

        assertEquals(FunctionTests.PASSED, run(null), out::toString);
        String boundary = sent.get(0).headers().get(0).value().replace("multipart/form-data; boundary=", "--");
        assertEquals(
                boundary + "\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n\u00e9http://gateway\r\n"
                        + boundary + "--\r\n",
                new String(sent.get(0).body(), StandardCharsets.UTF_8));
        String file = "\r\nContent-Disposition: form-data; name=\"f[]\"; filename=\"data.txt\"\r\nContent-Type: ";
        assertEquals(
                boundary + file + "text/plain\r\n\r\nfrom a file\r\n" + boundary + file
                        + "application/octet-stream\r\n\r\nfrom a file\r\n" + boundary + "--\r\n",
                new String(sent.get(1).body(), StandardCharsets.UTF_8));
    }

    @Test
    void whatKeepsARequestFromBeingSentFailsItAndNoOther() throws IOException {
        write("a.hurl", """
                GET {{host}}/{{unknown}}
                HTTP 200

                POST {{host}}/a
                file,../outside.txt;

                POST {{host}}/a
                file,missing.txt;

                GET {{host}}/a
                HTTP 200
                [Captures]
                x: jsonpath "$.none"

                GET {{host}}/last
                HTTP 200
                """);

        assertEquals(FunctionTests.FAILED, run(null));
        String text = out.toString();
        assertTrue(text.contains("line 1: the variable unknown is not set"), text);
        assertTrue(text.contains("line 4: file,../outside.txt; cannot be read: file,../outside.txt; is outside"), text);
        assertTrue(text.contains("line 7: file,missing.txt; cannot be read"), text);
        assertTrue(text.contains("line 11: the capture x is not there"), text);
        assertTrue(text.endsWith("5 tests: 1 passed, 4 failed\n"), text);
    }

    @Test
    void anAnswerThatDoesNotComeIsAFailure() throws IOException {
        write("a.hurl", "GET {{host}}/a\nHTTP 200\n");
        sender = request -> {
            throw new IOException("connection reset");
        };
        assertEquals(FunctionTests.FAILED, run(null));
        assertTrue(out.toString().contains("line 1: connection reset"), out.toString());
    }

    @Test
    void bodiesAreComparedAsTextOrAsJson() throws IOException {
        write("a.hurl", """
                # same
                GET {{host}}/a
                HTTP 200
                {"target": "http://gateway/a",
                 "id": 7}

                # other
                GET {{host}}/a
                HTTP 200
                {"id": 8}

                # text
                GET {{host}}/a
                HTTP 200
                `{"id": 7, "target": "http://gateway/a"}`
                """);
        assertEquals(FunctionTests.FAILED, run(null));
        assertTrue(out.toString().startsWith("ok    a.hurl: same"), out.toString());
        assertTrue(out.toString().contains("FAIL  a.hurl: other"), out.toString());
        assertTrue(out.toString().contains("ok    a.hurl: text"), out.toString());
    }

    @Test
    void theReportIsJunits() throws Exception {
        write(
                "a/b.hurl",
                "# one & <two>\nGET {{host}}/a\nHTTP 200\n\n# three\nGET {{host}}/a\nHTTP 201\n[Asserts]\nbody == \"\\u{1}\"\n");
        Path report = folder.resolve("target/tests.xml");

        assertEquals(FunctionTests.FAILED, run(report));

        Element root = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(report.toFile())
                .getDocumentElement();
        assertEquals("testsuites", root.getTagName());
        Element suite = (Element) root.getElementsByTagName("testsuite").item(0);
        assertEquals("a/b.hurl", suite.getAttribute("name"));
        assertEquals("2", suite.getAttribute("tests"));
        assertEquals("1", suite.getAttribute("failures"));
        assertEquals("0.002", suite.getAttribute("time"));
        Element first = (Element) suite.getElementsByTagName("testcase").item(0);
        assertEquals("a.b", first.getAttribute("classname"));
        assertEquals("one & <two>", first.getAttribute("name"));
        assertEquals(0, first.getElementsByTagName("failure").getLength());
        Element failure = (Element) suite.getElementsByTagName("failure").item(0);
        assertTrue(failure.getAttribute("message").startsWith("line 7: HTTP 201: status is 200"));
        assertEquals(2, failure.getTextContent().lines().count(), failure.getTextContent());
    }

    @Test
    void withoutFilesNothingIsKnown() {
        assertEquals(FunctionTests.NOT_RUN, run(null));
        assertEquals("relais: " + folder + ": has no file *.hurl; relais new NAME makes one\n", errors.toString());
    }

    @Test
    void aFileThatCannotBeReadRunsNone() throws IOException {
        write("a.hurl", "GET {{host}}/a\n");
        write("b.hurl", "GET {{host}}/a\nHTTP 200\n[Asserts]\nxpath \"/\" exists\n");
        assertEquals(FunctionTests.NOT_RUN, run(null));
        assertTrue(errors.toString().startsWith("relais: b.hurl line 4: xpath: is not looked at"), errors.toString());
        assertFalse(out.toString().contains("ok"), out.toString());

        Files.write(folder.resolve("b.hurl"), new byte[] {(byte) 0xFF});
        assertEquals(FunctionTests.NOT_RUN, run(null));
        assertTrue(errors.toString().endsWith("relais: b.hurl: is not UTF-8; save it as UTF-8\n"), errors.toString());
        assertEquals(List.of(), sent);
    }
}
