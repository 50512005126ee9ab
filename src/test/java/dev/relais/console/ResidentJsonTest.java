package dev.relais.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.events.Events;
import dev.relais.slot.ResidentFacts;
import dev.relais.slot.Residents;
import dev.relais.telemetry.Snapshot;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What users' scripts and the page read of resident functions. */
class ResidentJsonTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    private final ResidentFacts facts = new Residents(() -> 1, new Events()).of("shop");

    private Snapshot.Resident resident(String script, Instant lastBoot, ResidentFacts.BootFailure failure) {
        return new Snapshot.Resident("shop", script, 4, 3, 7, 1, lastBoot, failure, facts.lastLeft());
    }

    private static JsonArray page(Snapshot.Resident resident) {
        return ResidentJson.page(
                List.of(new Snapshot.Pool("function:shop", "www", null, 1, null, List.of(), resident)));
    }

    @Test
    void theStatusHasWhatIsKnownOfIt() {
        facts.left(
                "r-1",
                "{\"put\":[\"locale\"],\"left\":[{\"kind\":\"static\",\"name\":\"A::$b\",\"text\":\"grew\"}],\"strict\":true}");
        JsonObject status = ResidentJson.status(
                resident("bin/worker.php", NOON, new ResidentFacts.BootFailure(NOON.minusSeconds(1), "no class")));
        JsonObject left = status.getJsonArray("left").getJsonObject(0);
        assertEquals(facts.lastLeft().get(0).at().toString(), left.remove("at"));
        assertEquals(new JsonObject("""
                        {"way": "script", "script": "bin/worker.php", "children": 4, "booted": 3, "boots": 7, "failedBoots": 1,
                         "lastBoot": "2026-11-29T12:00:00Z",
                         "bootFailure": {"at": "2026-11-29T11:59:59Z", "reason": "no class"},
                         "left": [{"requestId": "r-1", "strict": true,
                                   "findings": [{"kind": "static", "name": "A::$b", "text": "grew"}], "putBack": ["locale"]}]}
                        """), new JsonObject(status.encode()));
    }

    @Test
    void whatIsNotKnownIsNull() {
        assertNull(ResidentJson.status(null));
        JsonObject status = ResidentJson.status(resident(null, null, null));
        assertEquals("application", status.getString("way"));
        for (String key : List.of("script", "lastBoot", "bootFailure")) {
            assertTrue(status.containsKey(key) && status.getValue(key) == null, key);
        }
    }

    @Test
    void thePageHasTheNewestFirst() {
        facts.left(
                "r-1",
                "{\"put\":[\"locale\",\"umask\"],\"left\":[{\"kind\":\"static\",\"name\":\"A::$b\",\"text\":\"grew\"},{\"name\":\"c\"}]}");
        facts.left(
                null, "{\"left\":[" + "{\"kind\":\"memory\",\"text\":\"" + "x".repeat(300) + "\"},".repeat(9) + "{}]}");
        JsonArray left = page(resident(null, NOON, null)).getJsonObject(0).getJsonArray("left");
        assertEquals("static A::$b grew; other c", left.getJsonObject(1).getString("text"));
        assertEquals("locale, umask", left.getJsonObject(1).getString("put"));
        assertEquals("", left.getJsonObject(0).getString("put"));
        assertEquals("r-1", left.getJsonObject(1).getString("request"));
        assertNull(left.getJsonObject(0).getString("request"));
        assertTrue(left.getJsonObject(0).getString("text").length() < 500);
    }

    @Test
    void aFailedBootIsAProblemUntilTheNextGoesWell() {
        ResidentFacts.BootFailure failure = new ResidentFacts.BootFailure(NOON, "no class");
        assertEquals(
                "no class", page(resident(null, null, failure)).getJsonObject(0).getString("problem"));
        assertEquals(
                "no class",
                page(resident(null, NOON.minusSeconds(1), failure))
                        .getJsonObject(0)
                        .getString("problem"));
        assertNull(page(resident(null, NOON.plusSeconds(1), failure))
                .getJsonObject(0)
                .getString("problem"));
        assertEquals(new JsonArray(), page(null));
    }
}
