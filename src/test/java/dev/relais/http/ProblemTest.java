package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemTest {
    @ParameterizedTest
    @EnumSource(Problem.class)
    void isProblemJsonOfItsStatus(Problem problem) {
        JsonObject json = new JsonObject(problem.json("a.b-C_1", null));
        assertEquals(Set.of("type", "title", "status", "requestId"), json.fieldNames());
        assertEquals("a.b-C_1", json.getString("requestId"));
        assertEquals(problem.status(), json.getInteger("status"));
        assertTrue(json.getString("type").matches("urn:relais:problem:[a-z-]+"));
        assertTrue(problem.json("a", null).chars().allMatch(c -> c >= ' ' && c < 0x7F));
        assertTrue(problem.status() >= 400 && problem.status() < 600);
    }

    @Test
    void leavesAnIdOutThatCouldBeAnythingElse() {
        String without = Problem.INTERNAL.json(null, null);
        assertEquals(Set.of("type", "title", "status"), new JsonObject(without).fieldNames());
        assertEquals(without, Problem.INTERNAL.json("x\",\"status\":\"200", null));
    }

    @Test
    void hasATypeOfItsOwn() {
        Set<String> types = new TreeSet<>();
        for (Problem problem : Problem.values()) {
            assertTrue(types.add(new JsonObject(problem.json(null, null)).getString("type")));
        }
    }
}
