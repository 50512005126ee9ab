package dev.relais.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Callers;
import dev.relais.testing.RawClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Resident functions whose code or settings change while one gateway serves them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResidentChangesIT extends ResidentFunctions {
    private static final String KEPT = "is not in force, the former serves on: function=app";

    @BeforeAll
    void begin() throws Exception {
        write(SETTINGS);
        // A change of these is logged for one test each: no line of another test can be taken for it.
        put("first.php", "<?php echo 'first';");
        put("second.php", "<?php echo 'second';");
        start(Map.of()).ready();
    }

    @BeforeEach
    void awaitFirstVersion() throws Exception {
        restore("functions.yaml", SETTINGS);
        restore("app/index.php", APPLICATION);
        restore("app/_version.php", FIRST_VERSION);
        restore("kept/_version.php", FIRST_VERSION);
        eventually(() -> gateway.masters().size() == 5
                && told("app")[0].equals("1")
                && told("kept")[0].equals("1")
                && pids("app").size() == 2);
    }

    @AfterAll
    void end() throws Exception {
        stop();
    }

    @Test
    void theFormerVersionServesWhileTheChangedOneDoesNotBoot() throws Exception {
        long number = 1 + lines(KEPT);
        for (String broken : List.of(
                "<?php this is no PHP",
                "<?php throw new Exception('no database');",
                "<?php exit;",
                "<?php return 42;",
                "<?php posix_kill(getmypid(), 9); usleep(1000000);")) {
            String[] before = told("app");
            put("app/index.php", broken);
            long known = number++;
            eventually(() -> lines(KEPT) >= known);
            assertEquals(before[0], told("app")[0]);
        }
        put("app/_version.php", "<?php return 2;");
        put("app/index.php", APPLICATION);
        eventually(() -> told("app")[0].equals("2"));
        assertEquals(200, gateway.get("/api/usual"));
        eventually(() -> pids("app").size() == 2);
    }

    @Test
    void whatHasBootedFromFilesOfTwoVersionsDoesNotServe() throws Exception {
        Path boots = side.path().resolve("boots");
        Path gate = side.path().resolve("gate");
        side.open("gate");
        put("app/_one.php", "<?php return 1;");
        put("app/_two.php", "<?php return 1;");
        put("app/index.php", """
                <?php
                $one = require __DIR__ . '/_one.php';
                touch('%s');
                while (!file_exists('%s')) {
                    usleep(2000);
                    clearstatcache();
                }
                $two = require __DIR__ . '/_two.php';
                return function () use ($one, $two): void {
                    echo "$one $two";
                };
                """.formatted(boots, gate));
        eventually(() -> ask("/api/app").text().equals("1 1") && pids("app").size() == 2);
        Files.delete(gate);
        Files.delete(boots);
        put("app/_two.php", "<?php return 2;");
        eventually(() -> Files.exists(boots));
        put("app/_one.php", "<?php return 2;");
        put("functions.yaml", SETTINGS + "  first: {timeout: 8s}\n");
        gateway.logs("changed=[first]"); // so what was changed before is noticed, too
        side.open("gate");
        gateway.logs("has changed while it booted, it boots anew: function=app");
        eventually(() -> {
            String text = ask("/api/app").text();
            assertTrue(text.equals("1 1") || text.equals("2 2"), text);
            return text.equals("2 2");
        });
        put("app/index.php", APPLICATION); // it waits for no gate
        eventually(() -> told("app")[0].equals("1"));
    }

    @Test
    void aLongRequestKeepsNoChangeFromComingInForce() throws Exception {
        try (RawClient slow = RawClient.connect(gateway.port)) {
            slow.get("/api/app?way=wait&id=1&" + side.query());
            side.await("running-1");
            put("app/_version.php", "<?php return 2;");
            eventually(() -> told("app")[0].equals("2"));
            put("app/_version.php", "<?php return 3;");
            eventually(() -> told("app")[0].equals("3"));
            put("functions.yaml", SETTINGS + "  second: {timeout: 7s}\n");
            gateway.logs("changed=[second]");
            side.open("gate");
            assertEquals("through", slow.answer().text());
        }
        put("app/_version.php", "<?php return 4;");
        eventually(() -> told("app")[0].equals("4"));
        eventually(() -> gateway.masters().size() == 5);
    }

    @Test
    void noAnswerIsMixedOrOldWhileTheCodeChanges() throws Exception {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        int[] highest = {1};
        try (Callers load = Callers.start(1, gateway.port, "/api/app", answer -> {
            assertEquals(200, answer.status(), answer::text);
            int version = Integer.parseInt(answer.text().split(" ")[0]);
            assertTrue(version >= highest[0], version + " after " + highest[0]);
            highest[0] = version;
            seen.add(Integer.toString(version));
        })) {
            load.awaitMore(1); // of the first version
            for (int version = 2; version <= 5; version++) {
                String wanted = Integer.toString(version);
                put("app/_version.php", "<?php return " + version + ";");
                eventually(() -> load.hasFailed() || seen.contains(wanted));
            }
        }
        assertEquals(Set.of("1", "2", "3", "4", "5"), seen);
    }

    @Test
    void aKeptAnswerIsNeverOfFormerCode() throws Exception {
        // The settings that the test before has changed are put back, but they may come into force only now, and that
        // drops what is kept.
        eventually(() -> told("kept")[2].equals(told("kept")[2]));
        put("kept/_version.php", "<?php return 2;");
        eventually(() -> told("kept")[0].equals("2"));
        for (int i = 0; i < 20; i++) {
            assertEquals("2", told("kept")[0]);
        }
    }

    @Test
    void residentComesGoesAndChangesInFunctionsYaml() throws Exception {
        assertEquals(2, pids("app").size());
        put("functions.yaml", SETTINGS.replaceFirst("children: 2", "children: 3"));
        eventually(() -> pids("app").size() == 3 && gateway.get("/api/app") == 200);
        put("functions.yaml", SETTINGS.replaceFirst(".*app:.*\n", ""));
        eventually(() -> pids("app") == null);
        eventually(
                () -> ask("/api/app").text().isEmpty()); // a script that returns a function, run anew for each request
        put("functions.yaml", SETTINGS);
        eventually(() -> ask("/api/app").text().startsWith("1 "));
        assertEquals(2, pids("app").size());
    }
}
