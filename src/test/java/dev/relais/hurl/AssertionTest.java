package dev.relais.hurl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AssertionTest {
    private static final Reply REPLY = new Reply(
            201, Map.of("content-type", List.of("application/json"), "Vary", List.of("Accept", "Cookie")), """
            {"name": "Ada", "age": 36, "share": 0.5, "ok": true, "none": null, "list": [1, "two", null], "empty": [],
             "deep": {"first name": "x", "a": [{"b": "c"}]}, "big": 12345678901234567890, "text": ""}
            """.getBytes(
                            StandardCharsets.UTF_8));

    private final Variables variables = new Variables();

    private String failure(String text) throws Exception {
        return Assertion.parse(3, text).failure(REPLY, variables);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status == 201",
                "status >= 201",
                "status < 300",
                "status != 200",
                "status isInteger",
                "header \"Content-Type\" == \"application/json\"",
                "header \"Content-Type\" not contains \"charset\"",
                "header \"content-type\" count == 1",
                "header \"vary\" count == 2",
                "header \"vary\" contains \"Cookie\"",
                "header \"vary\" isList",
                "header \"X-None\" not exists",
                "body contains \"\\\"name\\\": \\\"Ada\\\"\"",
                "body matches /\"age\": \\d+/",
                "body startsWith \"{\"",
                "body endsWith \"}\\n\"",
                "body not isEmpty",
                "jsonpath \"$\" isObject",
                "jsonpath \"$\" count == 10",
                "jsonpath \"$.name\" == \"Ada\"",
                "jsonpath \"$.name\" == `Ada`",
                "jsonpath \"$['name']\" startsWith \"A\"",
                "jsonpath \"$.name\" matches \"^A.a$\"",
                "jsonpath \"$.name\" isString",
                "jsonpath \"$.age\" == 36",
                "jsonpath \"$.age\" == 36.0",
                "jsonpath \"$.age\" not == \"36\"",
                "jsonpath \"$.age\" > 35.9",
                "jsonpath \"$.age\" <= 36",
                "jsonpath \"$.share\" isFloat",
                "jsonpath \"$.share\" == 5e-1",
                "jsonpath \"$.share\" not isInteger",
                "jsonpath \"$.big\" == 12345678901234567890",
                "jsonpath \"$.ok\" == true",
                "jsonpath \"$.ok\" isBoolean",
                "jsonpath \"$.none\" == null",
                "jsonpath \"$.none\" exists",
                "jsonpath \"$.nothing\" not exists",
                "jsonpath \"$.name.deeper\" not exists",
                "jsonpath \"$.list\" count == 3",
                "jsonpath \"$.list\" contains \"two\"",
                "jsonpath \"$.list\" contains null",
                "jsonpath \"$.list\" not contains 2",
                "jsonpath \"$.list[-3]\" == 1",
                "jsonpath \"$.list[3]\" not exists",
                "jsonpath \"$.empty\" isEmpty",
                "jsonpath \"$.text\" isEmpty",
                "jsonpath \"$.deep['first name']\" == \"x\"",
                "jsonpath \"$.deep.a[0][\\\"b\\\"]\" == \"c\"",
                "regex /\"age\": (\\d+)/ == \"36\"",
                "regex \"nowhere\" not exists",
                "body contains \"\\u{41}da\"",
            })
    void thisHolds(String text) throws Exception {
        assertNull(failure(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "status == 200                         | is 201",
                "status isString                       | is 201",
                "header \"X-None\" exists              | is not there",
                "header \"X-None\" count == 0          | is not there",
                "header \"vary\" == \"Accept\"         | is [Accept, Cookie]",
                "jsonpath \"$.name\" == \"Bob\"        | is \"Ada\"",
                "jsonpath \"$.name\" != \"Ada\"        | is \"Ada\"",
                "jsonpath \"$.name\" not exists        | is \"Ada\"",
                "jsonpath \"$.name\" > 3               | is \"Ada\"",
                "jsonpath \"$.name\" count == 3        | is not there",
                "jsonpath \"$.age\" contains \"3\"     | is 36",
                "jsonpath \"$.age\" < 36               | is 36",
                "jsonpath \"$.none\" == \"null\"       | is null",
                "jsonpath \"$.nothing\" != 1           | is not there",
                "jsonpath \"$.list\" == 1              | is [1,\"two\",null]",
                "jsonpath \"$.empty\" not isEmpty      | is []",
                "jsonpath \"$.deep.a[0]\" isList       | is {\"b\":\"c\"}",
            })
    void thisDoesNotAndWhatIsThereIsSaid(String text, String found) throws Exception {
        assertEquals(text + ": " + found, failure(text));
    }

    @Test
    void aTextMayHaveVariables() throws Exception {
        variables.set("who", "Ada");
        assertNull(failure("jsonpath \"$.name\" == \"{{who}}\""));
    }

    @Test
    void whatIsNoJsonHasNoPaths() throws Exception {
        Reply html = new Reply(
                200,
                Map.of("Content-Type", List.of("text/html; charset=\"ISO-8859-1\"")),
                "caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(
                "jsonpath \"$\" exists: is not there",
                Assertion.parse(1, "jsonpath \"$\" exists").failure(html, variables));
        assertEquals(
                "body == \"x\": is \"caf\u00e9\\n\"",
                Assertion.parse(1, "body == \"x\"").failure(html, variables));
    }

    @Test
    void anUnknownCharacterSetIsReadAsUtf8() {
        Reply odd = new Reply(
                200,
                Map.of("Content-Type", List.of("text/plain; charset=x-none")),
                "\u00e9".getBytes(StandardCharsets.UTF_8));
        assertEquals("\u00e9", odd.text());
    }
}
