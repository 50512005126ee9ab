package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a child tells of leaks is text of PHP code, which may be anything. */
class LeftoverLineTest {
    @Test
    void eachFindingHasAKindANameAndWords() {
        LeftoverLine told = LeftoverLine.of("""
                {"put":["ini memory_limit"],"left":[{"kind":"static","name":"App\\\\Cache::$items","text":"grew from 3 to 120 elements"},
                {"text":"2 more","kind":"descriptor","name":""}],"strict":true}""");
        assertEquals(
                new LeftoverLine(
                        List.of(
                                new Leftover(Leftover.Kind.STATIC, "App\\Cache::$items", "grew from 3 to 120 elements"),
                                new Leftover(Leftover.Kind.DESCRIPTOR, "", "2 more")),
                        List.of("ini memory_limit"),
                        true),
                told);
        assertEquals(
                "static App\\Cache::$items grew from 3 to 120 elements",
                told.findings().get(0).line());
        assertEquals("descriptor 2 more", told.findings().get(1).line());
    }

    @ParameterizedTest
    @CsvSource({
        "static, STATIC",
        "global, GLOBAL",
        "constant, CONSTANT",
        "handler, HANDLER",
        "descriptor, DESCRIPTOR",
        "memory, MEMORY",
        "setting, SETTING",
        "state, SETTING",
        "session, OTHER",
        "other, OTHER",
        "STATIC, OTHER",
        "'', OTHER",
        "'a\", evil=\"b', OTHER",
    })
    void aKindIsOneOfFew(String kind, Leftover.Kind known) {
        Leftover finding = Leftover.of(kind, "n", "t");
        assertEquals(known, finding.kind());
        boolean told = known == Leftover.Kind.OTHER && !kind.equals("other") && !kind.isEmpty();
        assertEquals(told ? kind + " n" : "n", finding.name());
    }

    @Test
    void whatIsOnlyInitialisedIsNotLeft() {
        assertEquals(
                List.of(new Leftover(Leftover.Kind.MEMORY, "", "grew")),
                LeftoverLine.of("{\"left\":[{\"kind\":\"initialised\",\"name\":\"static A::$b\",\"text\":\"new\"},"
                                + "{\"kind\":\"memory\",\"text\":\"grew\"}]}")
                        .findings());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "[]",
                "null",
                "1",
                "{\"left\":[{\"kind\":",
                "{\"left\":[{\"kind\":\"static\"}",
                "{\"left\":[}",
                "{\"strict\":tru}",
                "{'left':[]}",
            })
    void whatIsNoSuchJsonIsOneFinding(String json) {
        List<Leftover> findings = LeftoverLine.of(json).findings();
        assertEquals(1, findings.size());
        assertEquals(Leftover.Kind.OTHER, findings.get(0).kind());
        assertEquals("what the child has told", findings.get(0).name());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"left\":[]}",
                "{\"left\":{\"kind\":\"static\"}}",
                "{\"left\":[1,\"a\",[{\"kind\":\"static\"}],null]}",
                "{\"more\":{\"left\":[{\"kind\":\"static\"}],\"put\":[\"a\"]},\"put\":\"a\"}",
                "{\"put\":[1,[\"a\"],{\"b\":\"c\"},null]}",
            })
    void whatTellsOfNothingHasNone(String json) {
        assertEquals(new LeftoverLine(List.of(), List.of(), false), LeftoverLine.of(json));
    }

    @Test
    void valuesOfOtherFormsAreNoTexts() {
        assertEquals(
                new LeftoverLine(List.of(new Leftover(Leftover.Kind.OTHER, "", "")), List.of(), false),
                LeftoverLine.of(
                        "{\"left\":[{\"kind\":[\"static\"],\"name\":{\"text\":\"a\"},\"text\":7,\"b\":[[]]}],\"strict\":[true]}"));
    }

    @Test
    void ofMuchOnlySoMuchIsTaken() {
        String finding =
                "{\"kind\":\"static\",\"name\":\"" + "n".repeat(500) + "\",\"text\":\"" + "t".repeat(500) + "\"},";
        List<Leftover> findings =
                LeftoverLine.of("{\"left\":[" + finding.repeat(50) + "{}]}").findings();
        assertEquals(LeftoverLine.MOST, findings.size());
        assertTrue(findings.get(0).line().length() < 500, findings.get(0).line());
        List<String> put = LeftoverLine.of("{\"put\":[" + ("\"" + "p".repeat(500) + "\",").repeat(50) + "\"\"]}")
                .put();
        assertEquals(LeftoverLine.MOST, put.size());
        assertTrue(put.get(0).length() < 250, put.get(0));
        String deep = "{\"left\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}";
        assertEquals(1, LeftoverLine.of(deep).findings().size());
        assertEquals(
                1,
                LeftoverLine.of("{\"a\":\"" + "x".repeat(70_000) + "\"}")
                        .findings()
                        .size());
    }

    @Test
    void nothingHiddenIsInTheTexts() {
        Leftover finding = LeftoverLine.of(
                        "{\"left\":[{\"kind\":\"global\",\"name\":\"a\\nb\",\"text\":\"\\u001b[2J \\u202e \\ud800 <b>\"}]}")
                .findings()
                .get(0);
        assertEquals("a\\nb", finding.name());
        assertEquals("\\u001b[2J \\u202e \\ud800 <b>", finding.text());
        assertEquals(List.of("a\\nb"), LeftoverLine.of("{\"put\":[\"a\\nb\"]}").put());
    }
}
