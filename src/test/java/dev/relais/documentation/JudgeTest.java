package dev.relais.documentation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The judge of the runs with faults (src/bench/lib/judging/judge.py) has to know every problem by which a request is refused. */
class JudgeTest {
    private static final Path JUDGE = Path.of("src/bench/lib/judging/judge.py");

    @Test
    void itKnowsOfEachRefusalWhetherAScriptMayHaveStarted() throws IOException {
        String statuses = String.join("|", words("REFUSALS"));
        Set<String> refusals =
                new TreeSet<>(Sources.find(Sources.named("Problem.java"), "\\((?:" + statuses + "), \"([a-z-]+)\""));
        Set<String> known = new TreeSet<>(words("NOT_STARTED"));
        for (String problem : words("MAY_HAVE_STARTED")) {
            assertTrue(known.add(problem), problem + " cannot be both");
        }
        assertFalse(refusals.isEmpty());
        assertEquals(refusals, known);
    }

    /** The words of a set in the judge's source. */
    private static List<String> words(String set) throws IOException {
        String elements =
                Sources.find(JUDGE, "(?m)^" + set + " = \\{([^}]+)\\}").get(0);
        return Pattern.compile("\"([^\"]+)\"")
                .matcher(elements)
                .results()
                .map(word -> word.group(1))
                .toList();
    }
}
