package dev.relais.documentation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code .ci/run} calls by name is there: Maven runs the other ones of a list that names a test which is gone, and says nothing. */
class NamedTestsTest {
    private static final Pattern NAME = Pattern.compile("\\b[A-Z]\\w*IT\\b");

    @Test
    void everyTestThatCiNamesIsThere() throws IOException {
        Set<String> there = new TreeSet<>();
        for (Path file : Sources.in(Path.of("src/test/java"), "IT.java")) {
            there.add(file.getFileName().toString().replace(".java", ""));
        }
        Matcher name = NAME.matcher(Files.readString(Path.of(".ci/run")));
        Set<String> gone = new TreeSet<>();
        int found = 0;
        for (; name.find(); found++) {
            if (!there.contains(name.group())) {
                gone.add(name.group());
            }
        }
        assertEquals(Set.of(), gone);
        assertTrue(found > 20, "only " + found + ": is the pattern right?");
    }
}
