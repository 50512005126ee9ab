package dev.relais.documentation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** Each rule of the table in cache.md names a test that is there. */
class CacheRulesTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| .* \\| `(Result\\w+Test)\\.(\\w+)` \\|$");

    @Test
    void eachRuleIsProvedByATestThatIsThere() throws ClassNotFoundException {
        List<String> missing = new ArrayList<>();
        int rows = 0;
        Matcher row = ROW.matcher(Page.of("cache.md").text());
        while (row.find()) {
            rows++;
            if (!isTest(Class.forName("dev.relais.gateway." + row.group(1)), row.group(2))) {
                missing.add(row.group(1) + "." + row.group(2));
            }
        }
        assertTrue(rows > 50, rows + " rows");
        assertEquals(List.of(), missing);
    }

    private static boolean isTest(Class<?> tests, String name) {
        for (Method method : tests.getDeclaredMethods()) {
            if (method.getName().equals(name)) {
                return method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class);
            }
        }
        return false;
    }
}
