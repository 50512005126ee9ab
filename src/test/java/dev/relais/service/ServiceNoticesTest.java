package dev.relais.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.events.Events;
import dev.relais.events.GenerationEvent;
import dev.relais.events.StopEvent;
import dev.relais.testing.NotifyReceiver;
import dev.relais.testing.NotifyReceiver.Notice;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceNoticesTest {
    private static final long PID = 4711;

    @TempDir
    Path directory;

    private final DefaultEventExecutorGroup loops = new DefaultEventExecutorGroup(2);
    private final Events events = new Events();
    private NotifyReceiver receiver;

    @BeforeEach
    void bind() throws Exception {
        receiver = NotifyReceiver.at(directory.resolve("notify").toString());
    }

    @AfterEach
    void close() throws Exception {
        receiver.close();
        loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    private ServiceNotices started(Map<String, String> more) {
        Map<String, String> environment = new TreeMap<>(more);
        environment.put("NOTIFY_SOCKET", directory.resolve("notify").toString());
        List<EventExecutor> all = new ArrayList<>();
        loops.forEach(all::add);
        ServiceNotices notices = new ServiceNotices(environment, events, System::nanoTime, all);
        notices.start(PID, Duration.ofSeconds(70), Duration.ofSeconds(65), Runnable::run);
        return notices;
    }

    private ServiceNotices serving() throws InterruptedException {
        ServiceNotices notices = started(Map.of());
        notices.opened();
        notices.warm();
        receiver.next("READY=1");
        return notices;
    }

    @Test
    void itIsReadyWhenThePortsAreOpenAndItIsWarmInAnyOrder() throws Exception {
        ServiceNotices notices = started(Map.of());
        assertEquals(
                "STATUS=Starting\nEXTEND_TIMEOUT_USEC=70000000", receiver.next().text());
        notices.warm();
        notices.warm();
        notices.opened();
        assertEquals("READY=1\nSTATUS=Serving", receiver.next().text());
        notices.warm();
        events.add(new StopEvent.Begun());
        assertEquals(
                "STOPPING=1\nSTATUS=Stopping\nEXTEND_TIMEOUT_USEC=65000000",
                receiver.next().text());
    }

    @Test
    void aSwitchIsAReloadFromItsBeginToItsEnd() throws Exception {
        serving();
        long before = System.nanoTime() / 1000;
        events.add(new GenerationEvent.Started(2, "SIGHUP came"));
        Notice begin = receiver.next();
        List<String> lines = begin.text().lines().toList();
        assertEquals(
                List.of("RELOADING=1", "STATUS=Generation 2 starts: SIGHUP came"), List.of(lines.get(0), lines.get(2)));
        long micros = Long.parseLong(lines.get(1).replace("MONOTONIC_USEC=", ""));
        assertTrue(before <= micros && micros <= begin.micros(), before + " " + micros + " " + begin.micros());
        events.add(new GenerationEvent.Switched(2, 1, 12));
        assertEquals("READY=1\nSTATUS=Generation 2 serves", receiver.next().text());
    }

    @Test
    void aSwitchThatFailsEndsTheReloadToo() throws Exception {
        serving();
        events.add(new GenerationEvent.Started(2, "SIGHUP came"));
        receiver.next("RELOADING=1");
        events.add(new GenerationEvent.Refused(2, 1, "warm-up call /api/a was answered with 500\nREADY=0"));
        assertEquals(
                "READY=1\nSTATUS=Generation 1 serves on; 2 was given up:"
                        + " warm-up call /api/a was answered with 500\\nREADY=0",
                receiver.next().text());
    }

    @Test
    void aSwitchWhileItStartsDoesNotMakeItReady() throws Exception {
        ServiceNotices notices = started(Map.of());
        receiver.next("STATUS=Starting");
        notices.opened();
        events.add(new GenerationEvent.Started(2, "preload"));
        events.add(new GenerationEvent.Switched(2, 1, 12));
        notices.warm();
        assertEquals("READY=1\nSTATUS=Serving", receiver.next().text());
    }

    @Test
    void onceItStopsItIsNeitherReadyNorReloading() throws Exception {
        ServiceNotices notices = started(Map.of());
        receiver.next("STATUS=Starting");
        notices.opened();
        events.add(new StopEvent.Begun());
        receiver.next("STOPPING=1");
        notices.warm();
        events.add(new GenerationEvent.Started(2, "late"));
        events.add(new GenerationEvent.Switched(2, 1, 12));
        assertTrue(noneFollows());
    }

    /** Whether the next datagram is one that is sent now. */
    private boolean noneFollows() throws Exception {
        try (NotifySocket other = NotifySocket.open(
                Map.of("NOTIFY_SOCKET", directory.resolve("notify").toString()))) {
            other.send("END=1");
            return receiver.next().text().equals("END=1");
        }
    }

    @Test
    void aManagerThatDoesNotReadForAWhileLearnsAllInItsOrder() throws Exception {
        ServiceNotices notices = started(Map.of());
        receiver.next("STATUS=Starting");
        receiver.pause(true);
        int others = 0;
        try (NotifySocket other = NotifySocket.open(
                Map.of("NOTIFY_SOCKET", directory.resolve("notify").toString()))) {
            while (other.send("STATUS=another one")) {
                others++;
            }
        }
        notices.opened();
        notices.warm();
        events.add(new GenerationEvent.Started(2, "SIGHUP came"));
        events.add(new GenerationEvent.Switched(2, 1, 12));
        events.add(new StopEvent.Begun());
        receiver.pause(false);
        for (int i = 0; i < others; i++) {
            assertEquals("STATUS=another one", receiver.next().text());
        }
        assertEquals("READY=1\nSTATUS=Serving", receiver.next().text());
        assertTrue(receiver.next().text().startsWith("RELOADING=1\n"));
        assertEquals("READY=1\nSTATUS=Generation 2 serves", receiver.next().text());
        assertTrue(receiver.next().text().startsWith("STOPPING=1\n"));
    }

    @Test
    void signsOfLifeAreGivenWhereTheyAreAskedFor() throws Exception {
        started(Map.of("WATCHDOG_USEC", "30000", "WATCHDOG_PID", Long.toString(PID)));
        receiver.next("WATCHDOG=1");
        receiver.next("WATCHDOG=1");
    }

    @Test
    void withoutAServiceManagerNothingIsSent() {
        List<EventExecutor> all = new ArrayList<>();
        loops.forEach(all::add);
        ServiceNotices notices = new ServiceNotices(Map.of(), events, System::nanoTime, all);
        notices.start(PID, Duration.ofSeconds(70), Duration.ofSeconds(65), Runnable::run);
        notices.opened();
        notices.warm();
        events.add(new StopEvent.Begun());
        assertTrue(receiver.isEmpty());
    }
}
