package dev.relais.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.balancer.WorkerState;
import dev.relais.events.Events;
import dev.relais.events.FunctionsEvent;
import dev.relais.functions.FunctionFixture;
import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.FunctionSettings;
import dev.relais.functions.FunctionsStatus;
import dev.relais.functions.PhpFunction;
import dev.relais.functions.Reload;
import dev.relais.sites.Application;
import dev.relais.sites.DenyList;
import dev.relais.sites.PathRules;
import dev.relais.sites.Site;
import dev.relais.slot.ChildState;
import dev.relais.slot.SlotStatus;
import dev.relais.slot.WorkerCounters;
import dev.relais.telemetry.Activity;
import dev.relais.telemetry.LoadReport;
import dev.relais.telemetry.Served;
import dev.relais.telemetry.Snapshot;
import dev.relais.telemetry.Timeline;
import dev.relais.worker.Generations;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger.Level;
import org.junit.jupiter.api.Test;

/** What the page's scripts read: the names here are those of {@code src/main/resources/dev/relais/console}. */
class ConsoleMessagesTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    private final Events events = new Events();
    private final LastRequests requests = new LastRequests(() -> NOON);
    private final LastErrors errors = new LastErrors(() -> NOON);
    private final List<Activity.Moment> history = new ArrayList<>();
    private long number;
    private String active = "hello";
    private FunctionRegistry functions = registry("hello", "report");
    private SlotStatus second = slot(ChildState.IDLE, null, -1, 0);
    private final ConsoleMessages messages = new ConsoleMessages(
            this::snapshot,
            this::activity,
            events::last,
            () -> functions,
            name -> name.equals("hello") ? 0.25 : null,
            () -> null,
            errors::last,
            requests::last,
            name -> new Served(number, 2, 3, 4, 5));

    private static FunctionRegistry registry(String... names) {
        List<PhpFunction> all = new ArrayList<>();
        for (String name : names) {
            FunctionSettings settings = name.equals("report")
                    ? FunctionSettings.defaults(2_000).toBuilder()
                            .concurrency(3)
                            .build()
                    : FunctionSettings.defaults(60_000);
            all.add(FunctionFixture.function(name, settings));
        }
        return FunctionRegistry.of(all);
    }

    private static SlotStatus slot(ChildState state, String function, long millis, double usual) {
        return new SlotStatus(state, 4711, NOON, function, millis, usual, 17, 17, 0, -1, -1);
    }

    private Snapshot snapshot() {
        Snapshot.Worker better = worker(1, 0, 0.9, List.of(slot(ChildState.IDLE, null, -1, 0)));
        Snapshot.Worker worse = worker(0, 1, 1.5, List.of(slot(ChildState.BUSY, "report", 1_234, 900), second));
        return new Snapshot(
                NOON,
                0,
                0,
                false,
                new FunctionsStatus(Path.of("/f"), 2, 0, 0, null, NOON),
                Reload.FILES,
                new Generations.Status(3, NOON, Generations.State.WARMING, "it <fails>", 2, 1, 0, 0),
                new Snapshot.Queue(5, 100, 3, 0),
                new Snapshot.Load(new LoadReport.Values(0.3333333, 0.5, -1, 0, 0, 5), 0),
                null,
                List.of(new Snapshot.Memory("bodies", 10, 1_000, 0)),
                List.of(),
                List.of(worse, better),
                List.of());
    }

    private static Snapshot.Worker worker(int id, int rank, double score, List<SlotStatus> slots) {
        return new Snapshot.Worker(
                id, rank, 100 + id, score, score, 0, WorkerState.NORMAL, 2, 1, 0, 0, null, WorkerCounters.NONE, slots);
    }

    private Activity activity() {
        return new Activity(
                number, history, List.of(new Activity.Function(active, 12.34567, 0, 1.5, 2.5, 9.9999, 0, 1, 0)));
    }

    private void secondPasses() {
        number++;
        history.add(new Activity.Moment(NOON.plusSeconds(number), number, 0, 0, 1, 2, 3, 0, 0, 0.5, 0.5));
    }

    private static JsonObject read(String event, Buffer message) {
        String text = message.toString();
        String head = "event: " + event + "\ndata: ";
        assertTrue(text.startsWith(head), text);
        assertTrue(text.endsWith("\n\n"), text);
        String json = text.substring(head.length(), text.length() - 2);
        assertFalse(json.contains("\n"), "a line break would end the data");
        return new JsonObject(json);
    }

    private static PhpFunction site(String name) {
        Application application = new Application(
                "",
                Path.of("/srv", name),
                List.of(),
                List.of(),
                PathRules.of(DenyList.NONE),
                new Site(name, List.of(name + ".example"), false, false, Path.of("/srv", name), Map.of()),
                Map.of());
        return new PhpFunction(
                "site:" + name,
                "/srv/" + name + "/index.php",
                "/srv/" + name,
                "/index.php",
                true,
                "1",
                application,
                FunctionSettings.defaults(60_000));
    }

    @Test
    void sitesAreToldOnceAndTheirCountsWhenTheyAreActive() {
        functions = FunctionRegistry.of(List.of(site("shop"), site("wiki")));
        active = "site:shop";
        JsonObject all = read("all", messages.all(messages.look()));
        assertEquals("wiki", all.getJsonArray("sites").getJsonObject(1).getString("name"));
        assertEquals("/srv/wiki", all.getJsonArray("sites").getJsonObject(1).getString("root"));

        secondPasses();
        JsonObject now = read("now", messages.now(messages.look()));
        JsonObject counts = now.getJsonObject("sites");
        assertEquals(java.util.Set.of("site:shop"), counts.fieldNames());
        assertEquals(
                new JsonObject("{'requests':1,'errors':2,'clientErrors':3,'files':4,'scripts':5}".replace('\'', '"')),
                counts.getJsonObject("site:shop"));
    }

    @Test
    void allHasWhatThePageShows() {
        secondPasses();
        events.add(new FunctionsEvent.Warned("line 1\nline 2"));
        JsonObject all = read("all", messages.all(messages.look()));

        assertEquals(1, all.getJsonArray("history").size());
        assertEquals(11, all.getJsonArray("history").getJsonArray(0).size());
        assertEquals(
                NOON.plusSeconds(1).toEpochMilli(),
                all.getJsonArray("history").getJsonArray(0).getLong(0));
        JsonObject event = all.getJsonArray("events").getJsonObject(0);
        assertEquals("functions-warned", event.getString("type"));
        assertEquals("Functions have a warning", event.getString("words"));
        assertEquals("line 1\nline 2", event.getString("reason"));
        JsonArray settings = all.getJsonArray("settings");
        assertEquals(
                new JsonObject().put("name", "hello").put("timeout", 60_000).put("methods", null),
                settings.getJsonObject(0));
        assertEquals(3, settings.getJsonObject(1).getInteger("concurrency"));
        assertEquals("warming", all.getJsonObject("generation").getString("state"));
        assertEquals("it <fails>", all.getJsonObject("generation").getString("problem"));
        assertEquals(5, all.getJsonObject("queue").getInteger("length"));
        assertEquals(0.333, all.getJsonObject("load").getDouble("busy"));
        assertEquals("code", all.getJsonObject("bottleneck").getString("kind"));
        assertEquals("bodies", all.getJsonArray("memory").getJsonObject(0).getString("kind"));
    }

    @Test
    void workersComeInTheOrderOfTheRankingWithWhatTheirChildrenRun() {
        JsonArray workers = read("all", messages.all(messages.look())).getJsonArray("workers");

        assertEquals(1, workers.getJsonObject(0).getInteger("id"));
        JsonObject worse = workers.getJsonObject(1);
        assertEquals(1.5, worse.getDouble("score"));
        assertEquals(1.5, worse.getDouble("latency"));
        assertEquals(0, worse.getDouble("failures"));
        JsonObject busy = worse.getJsonArray("children").getJsonObject(0);
        assertEquals("report", busy.getString("function"));
        assertEquals(1_234, busy.getLong("millis"));
        assertNull(busy.getValue("stuck"));
        assertEquals(
                new JsonObject().put("pid", 4711).put("state", "idle").put("served", 17),
                worse.getJsonArray("children").getJsonObject(1));
    }

    @Test
    void functionsHaveWhatTheyDidLately() {
        JsonObject hello = read("all", messages.all(messages.look()))
                .getJsonArray("functions")
                .getJsonObject(0);
        assertEquals(12.346, hello.getDouble("rate"));
        assertEquals(10, hello.getDouble("p99"));
        assertEquals(0.25, hello.getDouble("cached"));
    }

    @Test
    void nowHasOnlyTheNewSecondsAndEvents() {
        secondPasses();
        events.add(new FunctionsEvent.Mended());
        messages.now(messages.look());
        secondPasses();
        secondPasses();
        events.add(new FunctionsEvent.Warned("again"));
        JsonObject now = read("now", messages.now(messages.look()));

        assertEquals(2, now.getJsonArray("history").size());
        assertEquals(3, now.getJsonArray("history").getJsonArray(1).getDouble(1));
        assertEquals(1, now.getJsonArray("events").size());
        assertFalse(now.containsKey("settings"));
        assertEquals(
                0,
                read("now", messages.now(messages.look()))
                        .getJsonArray("history")
                        .size());
    }

    @Test
    void errorsKeepTheirLinesAndComeOnce() {
        errors.add(Level.ERROR, "hello", "function=hello", "PHP Fatal error:  <b>\nStack trace:\n#0 {main}\n");
        errors.add(Level.INFO, "hello", "function=hello", "no error");
        JsonArray all = read("all", messages.all(messages.look())).getJsonArray("errors");
        assertEquals(1, all.size());
        assertEquals(
                "PHP Fatal error:  <b>\nStack trace:\n#0 {main}",
                all.getJsonObject(0).getString("message"));
        assertEquals("error", all.getJsonObject(0).getString("level"));
        assertEquals(
                1,
                read("now", messages.now(messages.look()))
                        .getJsonArray("errors")
                        .size());
        assertEquals(
                0,
                read("now", messages.now(messages.look()))
                        .getJsonArray("errors")
                        .size());
    }

    @Test
    void slowRequestsCome() {
        Timeline timeline = new Timeline(Requests.of("my-id"), 0);
        timeline.end(200, 0, 0, LastRequests.SLOW_NANOS);
        requests.ended(timeline);
        JsonObject slow = read("now", messages.now(messages.look()))
                .getJsonArray("requests")
                .getJsonObject(0);
        assertEquals("my-id", slow.getString("id"));
        assertEquals(1_000, slow.getDouble("end"));
        assertEquals(
                0,
                read("now", messages.now(messages.look()))
                        .getJsonArray("requests")
                        .size());
        assertEquals(
                1,
                read("all", messages.all(messages.look()))
                        .getJsonArray("requests")
                        .size());
    }

    @Test
    void onlySomeErrorsAreKeptAndOnlyTheirBeginnings() {
        for (int i = 0; i < LastErrors.KEPT + 3; i++) {
            errors.add(Level.WARN, "hello", "function=hello", i + "x".repeat(2 * LastErrors.LONGEST));
        }
        assertEquals(LastErrors.KEPT, errors.last().size());
        assertTrue(errors.last().get(0).message().startsWith("3x"));
        assertTrue(errors.last().get(0).message().length() < LastErrors.LONGEST + 50);
    }

    @Test
    void changedFunctionsAreNewsForAll() {
        assertTrue(messages.look().isNews());
        assertFalse(messages.look().isNews());
        functions = registry("hello");
        assertTrue(messages.look().isNews());
    }

    @Test
    void aChildThatRunsForFarTooLongIsStuck() {
        second = slot(ChildState.BUSY, "report", 20_000, 900);
        JsonObject all = read("all", messages.all(messages.look()));
        JsonObject child = all.getJsonArray("workers")
                .getJsonObject(1)
                .getJsonArray("children")
                .getJsonObject(1);
        assertTrue(child.getBoolean("stuck"));
        assertEquals(900, child.getDouble("usual"));
        assertEquals("stuck", all.getJsonObject("bottleneck").getString("kind"));
    }

    @Test
    void whatIsStuckDependsOnWhatIsUsual() {
        assertFalse(StuckRule.isStuck(slot(ChildState.BUSY, "report", 17_000, 900)));
        assertFalse(StuckRule.isStuck(slot(ChildState.BUSY, "hello", 4_999, 2)));
        assertTrue(StuckRule.isStuck(slot(ChildState.BUSY, "hello", 5_000, 2)));
        assertFalse(StuckRule.isStuck(slot(ChildState.BUSY, "new", 9_999, 0)));
        assertTrue(StuckRule.isStuck(slot(ChildState.BUSY, "new", 10_000, 0)));
        assertFalse(StuckRule.isStuck(slot(ChildState.IDLE, null, -1, 0)));
    }
}
