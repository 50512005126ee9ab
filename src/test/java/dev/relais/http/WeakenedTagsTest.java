package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeakenedTagsTest {
    @ParameterizedTest
    @ValueSource(strings = {"\"abc\"", "\"\"", "\"a;relais\"", "\"a, b\"", "\"W/\"", "\"\u00e4\""})
    void aStrongTagComesBackAsItWas(String tag) {
        String weakened = WeakenedTags.weakened(tag);

        assertTrue(weakened.startsWith("W/\"") && weakened.endsWith("\""), weakened);
        assertEquals(tag, WeakenedTags.strong(weakened));
        assertEquals("\"x\", " + tag + ",W/\"y\"", WeakenedTags.strong("\"x\", " + weakened + ",W/\"y\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"W/\"abc\"", "abc", "\"", "", "\"abc", "W/abc"})
    void anyOtherTagGoesOutAsItIs(String tag) {
        assertSame(tag, WeakenedTags.weakened(tag));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "\"abc\"",
                "W/\"abc\"",
                "W/\"abc\", \"def\"",
                "\"abc;relais\"", // never weak: PHP's own
                "w/\"abc;relais\"",
                "W/ \"abc;relais\"",
                "W/\"abc;relais",
                "W/\";relaisx\"",
                "\"W/\";relais\"",
                "garbage;relais\""
            })
    void whatThisGatewayHasNotWeakenedPassesUntouched(String list) {
        assertEquals(list, WeakenedTags.strong(list));
    }

    @Test
    void eachOfAListIsMadeStrong() {
        assertEquals(
                "\"a\", \"b\",\"c,d\" , W/\"e\", *",
                WeakenedTags.strong("W/\"a;relais\", W/\"b;relais\",W/\"c,d;relais\" , W/\"e\", *"));
    }

    @ParameterizedTest
    @CsvSource({
        "If-None-Match, true",
        "if-none-match, true",
        "If-Match, true",
        "if-match, true",
        "If-Range, false",
        "Referers, false"
    })
    void ofTheConditionsARangeStaysWeak(String field, boolean made) {
        assertEquals(made, WeakenedTags.areIn(field));
    }

    private static String in304(String tag, String... asked) {
        MultiMap request = MultiMap.caseInsensitiveMultiMap();
        for (String list : asked) {
            request.add("if-none-match", list);
        }
        MultiMap answer = MultiMap.caseInsensitiveMultiMap();
        if (tag != null) {
            answer.add("ETag", tag);
        }
        WeakenedTags.keepIn304(request, answer);
        return answer.get("ETag");
    }

    @Test
    void a304HasTheTagByWhichTheClientKeepsTheAnswer() {
        assertEquals("W/\"a;relais\"", in304("\"a\"", "W/\"b;relais\"", "W/\"a;relais\""));
        assertEquals("\"a\"", in304("\"a\"", "\"a\""));
        assertEquals("\"a\"", in304("\"a\"", "\"a\", W/\"a;relais\""), "it has both");
        assertEquals("\"a\"", in304("\"a\"", "W/\"b;relais\""));
        assertEquals("W/\"a\"", in304("W/\"a\"", "W/\"a\""));
        assertEquals("\"a\"", in304("\"a\""));
        assertFalse(in304(null, "W/\"a;relais\"") != null);
    }
}
