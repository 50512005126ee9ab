package dev.relais.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.LogText;
import dev.relais.testing.LogLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EventsTest {
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

    private final Events events = new Events(Clock.fixed(NOON, ZoneOffset.UTC));

    /** One of each type; {@link #eachTypeIsHere} sees to it that none is missing. */
    private static List<Event> all() {
        return List.of(
                new WorkerEvent.Out(1, "held", "score=4.5"),
                new WorkerEvent.Back(1, "returning", "it did well in a probe"),
                new WorkerEvent.MasterRestarted(1, 4711, "ended with status 1"),
                new WorkerEvent.MasterNotStarted(1, "no such file"),
                new WorkerEvent.ChildrenMissing(1, 4711, "2 of 4"),
                new WorkerEvent.MasterReplacing(1, 4711, "its socket is gone"),
                new WorkerEvent.MasterReplaced(1, 4712),
                new WorkerEvent.BootFailed(1, "shop", "class Kernel not found"),
                new WorkerEvent.RunEnded(1, 4713, "hello", "a DELETE came from ::1"),
                new WorkerEvent.RunSlow(1, 4713, "hello", 30, 2, "S", "pipe_read", "0", null, "10.0.0.7:5432"),
                new WorkerEvent.ChildEnded(1, 4713, "hello", "exited on signal 11 (SIGSEGV)"),
                new BreakerEvent.Opened("hello", null, 3, 10_000, 1_000),
                new BreakerEvent.Closed("hello", "/api/hello/x.php"),
                new GenerationEvent.Started(2, "SIGHUP came"),
                new GenerationEvent.StartedAnew(2),
                new GenerationEvent.Switched(2, 1, 310),
                new GenerationEvent.Preloaded(2, 120),
                new GenerationEvent.PreloadGivenUp(2, "warm-up call failed"),
                new GenerationEvent.Refused(2, 1, "warm-up call failed"),
                new GenerationEvent.WarmUpFailed(1, "warm-up call failed"),
                new GenerationEvent.ScriptsEnded(1, 3),
                new FunctionsEvent.Loaded(7, "/functions"),
                new FunctionsEvent.Reloaded(7, "hello"),
                new FunctionsEvent.Refused("line 3"),
                new FunctionsEvent.Warned("functions.yml is not read"),
                new FunctionsEvent.Mended(),
                run("hello", "/api/hello"),
                new RequestEvent.LeftBehind("shop", null, List.of("static App::$seen grew"), true),
                new ContainerEvent.Resized(2, 1024, 8),
                new ContainerEvent.MemoryShort("heap 256 + ... = 1100 MiB", 1024),
                new ContainerEvent.MemoryFits("heap 256 + ... = 1000 MiB", 1024),
                new StopEvent.Begun(),
                new StopEvent.TimedOut(2, 1));
    }

    private static Event run(String function, String target) {
        return new RequestEvent.RunAgain(function, "GET", target, null, 0, 9, true, "FUNCTION_FAILED", "it is gone");
    }

    private static List<Class<?>> leaves(Class<?> sealed) {
        List<Class<?>> found = new ArrayList<>();
        for (Class<?> one : sealed.getPermittedSubclasses()) {
            found.addAll(one.isSealed() ? leaves(one) : List.of(one));
        }
        return found;
    }

    @Test
    void eachTypeIsHere() {
        Set<Class<?>> here = new HashSet<>();
        all().forEach(event -> here.add(event.getClass()));
        assertEquals(new HashSet<>(leaves(Event.class)), here);
    }

    @Test
    void eachHasATypeAndWordsOfItsOwn() {
        Set<String> types = new HashSet<>();
        Set<String> words = new HashSet<>();
        for (Event event : all()) {
            assertTrue(event.type().matches("[a-z]+(-[a-z]+)+"), event.type());
            assertTrue(event.words().matches("[A-Z][^:=]+"), event.words());
            types.add(event.type());
            words.add(event.words());
        }
        assertEquals(all().size(), types.size());
        assertEquals(all().size(), words.size());
    }

    @Test
    void theDocumentationListsEach() throws IOException {
        String page = Files.readString(Path.of("src/docs/metrics-and-health.md"));
        for (Event event : all()) {
            assertTrue(page.contains("`" + event.type() + "`"), event.type());
            assertTrue(page.contains("`" + event.words() + "`"), event.words());
        }
    }

    @Test
    void theLineIsFixedWordsAndThenKeysAndValues() {
        for (Event event : all()) {
            String line = EventLine.of(event);
            assertTrue(line.startsWith(event.words()), line);
            String details = line.substring(event.words().length());
            assertTrue(details.matches("(: [a-z-]+=(\"[^\"]*\"|[^ \"]+)( [a-z-]+=(\"[^\"]*\"|[^ \"]+))*)?"), line);
        }
        assertEquals("Worker is out: worker=1 state=held reason=score=4.5", EventLine.of(all().get(0)));
        assertEquals("Functions can be loaded again", EventLine.of(new FunctionsEvent.Mended()));
    }

    @Test
    void whatStrangersSayEndsNoLineAndForgesNoKey() {
        String line = EventLine.of(run("hello", "/api/x\nFunctions are loaded: count=0"));

        assertTrue(line.contains(" target=\"/api/x\\nFunctions are loaded: count=0\" worker=0 "), line);
    }

    @Test
    void whatStrangersSayIsCut() {
        String line = EventLine.of(run("hello", "x".repeat(20_000)));

        assertTrue(line.length() < 2 * LogText.LONGEST, "" + line.length());
        assertTrue(line.contains("more characters"), line);
    }

    @Test
    void ofWhatARequestHasLeftTheFirstAreToldInOneLine() {
        String line = EventLine.of(new RequestEvent.LeftBehind(
                "shop", "r-1", List.of("static A::$b\nWorker is out", "2", "3", "4", "5", "6", "7"), false));

        assertEquals(
                "Request has left something behind: function=shop request-id=r-1 strict=false"
                        + " left=\"static A::$b\\nWorker is out; 2; 3; 4; 5; and 2 more\"",
                line);
    }

    @Test
    void theyAreKeptInTheOrderInWhichTheyCame() {
        all().forEach(events::add);

        assertEquals(all(), events.last().stream().map(Events.Entry::event).toList());
        assertEquals(NOON, events.last().get(0).at());
    }

    @Test
    void aFloodOfOneTypeIsBoundedAndLeavesTheOthers() {
        events.add(new StopEvent.Begun());
        for (int i = 0; i < 10 * Events.KEPT; i++) {
            events.add(run("hello", "/api/hello?" + i));
        }
        List<Events.Entry> last = events.last();

        assertEquals(1 + Events.KEPT, last.size());
        assertEquals(new StopEvent.Begun(), last.get(0).event());
        assertEquals(run("hello", "/api/hello?319"), last.get(Events.KEPT).event());
    }

    @Test
    void theVersionChangesButForWhatClientsCauseAtWill() {
        long before = events.version();
        events.add(run("hello", "/"));
        assertEquals(before, events.version());
        events.add(new StopEvent.Begun());
        assertNotEquals(before, events.version());
    }

    @Test
    void eachIsLoggedAndTheFloodIsLimited() {
        String function = "flood" + System.nanoTime(); // the limits are the process's
        try (LogLines log = new LogLines()) {
            events.add(new WorkerEvent.Out(3, "held", "it is slow"));
            for (int i = 0; i < 100; i++) {
                events.add(run(function, "/"));
            }
            assertEquals(
                    1,
                    log.lines()
                            .filter("Worker is out: worker=3 state=held reason=\"it is slow\""::equals)
                            .count());
            assertEquals(
                    10,
                    log.lines()
                            .filter(line -> line.startsWith("Request is run again: function=" + function))
                            .count());
        }
    }

    @Test
    void aListenerHearsOfEachUntilItIsTakenOut() {
        List<Event> heard = new ArrayList<>();
        Runnable out = events.listen(entry -> heard.add(entry.event()));
        events.add(new StopEvent.Begun());
        out.run();
        events.add(new FunctionsEvent.Mended());

        assertEquals(List.of(new StopEvent.Begun()), heard);
    }

    @Test
    void manyThreadsLoseNone() throws InterruptedException {
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(
                    () -> Stream.generate(() -> run("hello", "/")).limit(500).forEach(events::add));
        }
        Arrays.stream(threads).forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        List<Events.Entry> last = events.last();

        assertEquals(Events.KEPT, last.size());
        assertEquals(2_000, last.get(Events.KEPT - 1).number());
    }
}
