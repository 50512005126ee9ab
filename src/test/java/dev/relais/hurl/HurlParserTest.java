package dev.relais.hurl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HurlParserTest {
    private static Entry only(String text) throws SyntaxProblem {
        List<Entry> entries = HurlParser.parse(text);
        assertEquals(1, entries.size(), entries::toString);
        return entries.get(0);
    }

    @Test
    void aRequestHasItsFieldsSectionsAndWhatIsExpected() throws SyntaxProblem {
        Entry entry = only("""
                # an older comment

                # makes
                #  an order
                POST {{host}}/api/orders?a=1   # not a part of it
                X-Token: a:b # nor this
                Accept: */*

                [Query]
                city: Rome
                [Form]
                text: one & two
                empty:

                HTTP/1.1 201 # made
                Location: /api/orders/7#here
                [Captures]
                id: jsonpath "$.id"
                [Asserts]
                jsonpath "$.id" == 7   # the first
                header "X" not exists
                """);

        assertEquals("makes an order", entry.name());
        assertEquals(5, entry.line());
        assertEquals("POST", entry.method());
        assertEquals("{{host}}/api/orders?a=1", entry.target());
        assertEquals(List.of(new Field("X-Token", "a:b"), new Field("Accept", "*/*")), entry.headers());
        assertEquals(List.of(new Field("city", "Rome")), entry.query());
        assertEquals(List.of(new Field("text", "one & two"), new Field("empty", "")), entry.form());
        assertNull(entry.body());
        Expected expected = entry.expected();
        assertEquals(201, expected.status());
        assertEquals(List.of(new Field("Location", "/api/orders/7#here")), expected.headers());
        assertEquals(Set.of("id"), expected.captures().keySet());
        assertEquals(2, expected.assertions().size());
        assertEquals(20, expected.assertions().get(0).line());
        assertNull(expected.body());
    }

    @Test
    void entriesFollowEachOtherWithAndWithoutWhatIsExpected() throws SyntaxProblem {
        List<Entry> entries =
                HurlParser.parse("\uFEFFGET {{host}}/a\nGET {{host}}/b\nHTTP 404\nGET {{host}}/c\nHTTP *\n");

        assertEquals(
                List.of("GET {{host}}/a", "GET {{host}}/b", "GET {{host}}/c"),
                entries.stream().map(Entry::name).toList());
        assertNull(entries.get(0).expected());
        assertEquals(404, entries.get(1).expected().status());
        assertEquals(-1, entries.get(2).expected().status());
    }

    @Test
    void bodiesAreJsonOrTextOrAFile() throws SyntaxProblem {
        assertEquals(
                new Body(Body.Kind.JSON, "{\n  \"a\": [1,\n\"GET\"]\n}"),
                only("POST {{host}}/a\n{\n  \"a\": [1,\n\"GET\"]\n}\n\n# and\nHTTP 200\n")
                        .body());
        assertEquals(
                new Body(Body.Kind.JSON, "[1, 2]"),
                only("POST {{host}}/a\n\n[1, 2]\n").body());
        assertEquals(
                new Body(Body.Kind.TEXT, "GET x\n\n# all of it\n"),
                only("POST {{host}}/a\n```xml\nGET x\n\n# all of it\n```\nHTTP 200\n")
                        .body());
        assertEquals(
                new Body(Body.Kind.TEXT, "a b"),
                only("POST {{host}}/a\n`a b`\n").body());
        assertEquals(
                new Body(Body.Kind.FILE, "data.bin"),
                only("POST {{host}}/a\nfile,data.bin;\n").body());
        assertEquals(
                new Body(Body.Kind.TEXT, "bye"),
                only("GET {{host}}/a\nHTTP 200\n`bye`\n").expected().body());
        assertEquals(
                new Body(Body.Kind.JSON, "{\"a\": 1}"),
                only("GET {{host}}/a\nHTTP 200\n[Asserts]\nstatus == 200\n\n{\"a\": 1}\n")
                        .expected()
                        .body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hello                                     | line 1: hello: no request; write it like GET",
                "HTTP 200                                  | line 1: HTTP 200: no request",
                "GET {{host}}/a;nonsense here              | line 2: nonsense here: neither a field nor a body",
                "GET {{host}}/a;[Cookies];a: b             | line 2: [Cookies]: is not known here; the sections are [Query]",
                "GET {{host}}/a;HTTP 200;[Options]         | line 3: [Options]: is not known here; the sections are [Captures]",
                "GET {{host}}/a;HTTP/2 200                 | line 2: HTTP/2: requests are sent by HTTP/1.1; write HTTP",
                "GET {{host}}/a;HTTP 2OO                   | line 2: HTTP 2OO: no status; write it like HTTP 200",
                "POST {{host}}/a;```;open                  | line 2: the line ``` at the end of the body is missing",
                "POST {{host}}/a;[Form];a: b;`c`           | line 1: a request has one body: a form, parts or another",
                "POST {{host}}/a;[Form];a: b;[Multipart];c: d | line 1: a request has one body",
                "GET {{host}}/a;HTTP 200;[Captures];id     | line 4: id: no capture",
                "GET {{host}}/a;HTTP 200;[Asserts];xpath \"//a\" exists | line 4: xpath: is not looked at",
                "GET {{host}}/a;HTTP 200;[Asserts];body sounds \"good\" | line 4: sounds: is not checked",
                "GET {{host}}/a;HTTP 200;[Asserts];body == good        | line 4: good: is no value; a text is written in quotes",
                "GET {{host}}/a;HTTP 200;[Asserts];status > \"200\"    | line 4: 200: is no number",
                "GET {{host}}/a;HTTP 200;[Asserts];status ==          | line 4: a value is missing at the end",
                "GET {{host}}/a;HTTP 200;[Asserts];status == 200 201  | line 4: 201: stands behind the end",
                "GET {{host}}/a;HTTP 200;[Asserts];header X exists    | line 4: X: a name is written in quotes",
                "GET {{host}}/a;HTTP 200;[Asserts];body == \"open     | line 4: a \" is missing at the end",
                "GET {{host}}/a;HTTP 200;[Asserts];body == \"\\d\"    | line 4: \\d is no escape sequence",
                "GET {{host}}/a;HTTP 200;[Asserts];body matches /(/   | line 4: (: no pattern",
                "GET {{host}}/a;HTTP 200;[Asserts];jsonpath \"$..a\" exists | line 4: $..a: a path has names and indices only",
                "GET {{host}}/a;HTTP 200;[Asserts];jsonpath \"a\" exists    | line 4: a: a path begins with $",
            })
    void whatIsBeyondTheFormatIsRefusedWithItsLine(String text, String message) {
        SyntaxProblem problem = assertThrows(SyntaxProblem.class, () -> HurlParser.parse(text.replace(";", "\n")));
        assertTrue(problem.getMessage().startsWith(message), problem.getMessage());
    }

    static Stream<Path> examples() throws Exception {
        return Files.walk(Path.of("src/main/php"))
                .filter(file -> file.toString().endsWith(".hurl"));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theExamplesHaveNamesAndExpectations(Path file) throws Exception {
        for (Entry entry : HurlParser.parse(Files.readString(file))) {
            assertTrue(entry.expected() != null && entry.expected().status() > 0, entry::name);
            assertTrue(!entry.name().contains("{{host}}"), entry::name);
        }
    }
}
