package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * What becomes of what a request leaves in a process that stays: {@code src/test/applications/leaks} knows the kinds, and what is to become
 * of each. The function has one child.
 */
@QuarkusTest
@TestProfile(LeaksProfile.class)
class LeaksTest extends RunningGateway {
    /** Enough for what is named when it has grown in some of the last eight requests. */
    private static final int TIMES = 9;

    private static final int FEW = 3;

    private JsonPath leaks(String query) throws IOException {
        Answer answer = get("/api/leaks" + query);
        assertEquals(200, answer.status(), query);
        return JsonPath.from(answer.text());
    }

    private void bootAnew() throws IOException {
        assertEquals("ended", get("/api/leaks?end").text());
    }

    /**
     * Leaks and lets another request look, some times.
     *
     * @return what was found after the requests that leaked
     */
    private List<Map<String, String>> leak(String kind, Map<String, Object> expected) throws IOException {
        bootAnew();
        leaks("?see=" + kind);
        Object before = leaks("?see=" + kind).get("answer");
        Object seen = expected.getOrDefault("sees", before);
        List<Map<String, String>> found = new ArrayList<>();
        int times = expected.containsKey("kind") ? TIMES : FEW;
        for (int i = 0; i < times; i++) {
            leaks("?leak=" + kind + "&value=v" + i);
            JsonPath after = leaks("?see=" + kind);
            assertEquals(seen, after.get("answer"), kind);
            found.addAll(after.getList("found"));
        }
        return found;
    }

    private static boolean has(List<Map<String, String>> found, String kind, String name) {
        return found.stream()
                .anyMatch(one -> one.get("kind").equals(kind) && one.get("name").startsWith(name));
    }

    private void check(String kind, Map<String, Object> expected) throws IOException {
        List<Map<String, String>> found = leak(kind, expected);
        String what = (String) expected.get("kind");
        String name = (String) expected.get("name");
        String told = kind + ": " + found;
        switch ((String) expected.get("outcome")) {
            case "put" ->
                assertTrue(found.stream().allMatch(one -> one.get("kind").equals("initialised")), told);
            case "contained" -> {} // another request has not seen it
            case "named" -> assertTrue(has(found, what, name), told);
            default -> {
                assertTrue(has(found, "initialised", (what + " " + name).strip()), told);
                assertFalse(has(found, what, name), told);
            }
        }
    }

    @Test
    void whatARequestLeavesIsPutBackOrNamed() throws Exception {
        Map<String, Map<String, Object>> kinds = leaks("").getMap("answer");
        assertTrue(kinds.size() >= 30);
        List<Executable> checks = new ArrayList<>();
        kinds.forEach((kind, expected) -> checks.add(() -> check(kind, expected)));
        assertAll(checks);
    }

    @Test
    void aStrictFunctionBootsAnewAfterALeak() throws Exception {
        List<Integer> visits = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            visits.add(
                    JsonPath.from(get("/api/strict?leak=static-counter&value=v").text())
                            .getInt("answer"));
        }
        assertEquals(List.of(1, 2, 1, 2, 1, 2), visits); // what changes a second time is a leak
    }
}
