package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.functions.FunctionsConfig;
import dev.relais.testing.Answer;
import dev.relais.testing.Callers;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Changed code shows although opcache asks the disk every ten minutes only ({@link RunningProfile}): so that it shows because opcache was told. Every file is given a time long past, so that opcache keeps it
 * from its first use on: a young one would be read at each request.
 */
@QuarkusTest
@TestProfile(RunningProfile.class)
class ChangedCodeTest extends RunningGateway {
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    private static final int FILES = 200;

    @Inject
    FunctionsConfig config;

    private Path folder;
    /** Of all tests: opcache takes a file with the path and the time of another one for that. */
    private static int written;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(config.directory().resolve("changing"));
    }

    @AfterEach
    void removeFolder() throws IOException {
        Side.delete(folder);
    }

    /** By rename, with a time long past that no file had before. */
    private Path put(String name, String text) throws IOException {
        return put(name, text, FileTime.from(LONG_AGO.toInstant().plusSeconds(++written)));
    }

    private Path put(String name, String text, FileTime time) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Path fresh = Files.writeString(folder.resolve(".new"), text);
        Files.setLastModifiedTime(fresh, time);
        return Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private String answer() throws IOException {
        return get("/api/changing").text();
    }

    /** All children have it in their caches, and opcache would not ask the disk for some time. */
    private void says(String text) {
        await().untilAsserted(() -> assertEquals(text, answer()));
        await().during(Duration.ofMillis(50)).until(() -> answer().equals(text));
    }

    private void saysSoon(String text) {
        await().pollInterval(Duration.ofMillis(10)).untilAsserted(() -> assertEquals(text, answer()));
    }

    @Test
    void anIncludedFileThatIsReplacedShowsAlsoWithTheTimeOfTheFormerOne() throws IOException {
        put("index.php", "<?php echo include __DIR__ . '/part.php';");
        put("part.php", "<?php return 'one';", LONG_AGO);
        says("one");
        put("part.php", "<?php return 'two';", LONG_AGO);
        saysSoon("two");
        put(
                "part.php",
                "<?php return 'three';",
                FileTime.from(LONG_AGO.toInstant().minusSeconds(3_600)));
        saysSoon("three");
    }

    @Test
    void theEntryScriptThatIsReplacedShows() throws IOException {
        put("index.php", "<?php echo 'one';");
        says("one");
        put("index.php", "<?php echo 'two';");
        saysSoon("two");
    }

    @Test
    void aFileThatIsRemovedIsMissedAndShowsWhenItIsBack() throws IOException {
        put("index.php", "<?php echo (@include __DIR__ . '/part.php') ?: 'none';");
        put("part.php", "<?php return 'one';");
        says("one");
        Files.delete(folder.resolve("part.php"));
        saysSoon("none");
        put("part.php", "<?php return 'two';");
        saysSoon("two");
    }

    @Test
    void aFileInFrontOnTheIncludePathTakesThePlaceOfTheOneBehind() throws IOException {
        put("index.php", "<?php set_include_path(__DIR__ . '/front:' . __DIR__ . '/back'); echo include 'part.php';");
        put("back/part.php", "<?php return 'back';");
        Files.createDirectories(folder.resolve("front"));
        says("back");
        put("front/part.php", "<?php return 'front';");
        saysSoon("front");
    }

    @Test
    void aFolderThatIsExchangedShowsWithAllItsFiles() throws IOException {
        put("index.php", "<?php echo include __DIR__ . '/lib/a.php', include __DIR__ . '/lib/deep/b.php';");
        put("lib/a.php", "<?php return 'a1 ';");
        put("lib/deep/b.php", "<?php return 'b1';");
        put("next/a.php", "<?php return 'a2 ';");
        put("next/deep/b.php", "<?php return 'b2';");
        says("a1 b1");
        Files.move(folder.resolve("lib"), folder.resolve("former"));
        Files.move(folder.resolve("next"), folder.resolve("lib"));
        saysSoon("a2 b2");
        put("lib/deep/b.php", "<?php return 'b3';"); // in a folder that has come since
        saysSoon("a2 b3");
    }

    @Test
    void aFileInAFolderBehindASymlinkShows() throws IOException {
        Files.createDirectories(folder.resolve("packages/one"));
        Files.createDirectories(folder.resolve("vendor"));
        Files.createSymbolicLink(folder.resolve("vendor/one"), Path.of("../packages/one"));
        put("index.php", "<?php echo include __DIR__ . '/vendor/one/part.php';");
        put("packages/one/part.php", "<?php return 'one';");
        says("one");
        put("packages/one/part.php", "<?php return 'two';");
        saysSoon("two");
    }

    @Test
    void aFolderThatIsNewIsFollowed() throws IOException {
        put("index.php", "<?php echo (@include __DIR__ . '/new/deep/part.php') ?: 'none';");
        says("none");
        put("new/deep/part.php", "<?php return 'one';");
        says("one");
        await().untilAsserted(() -> {
            String next = "version " + ++written;
            put("new/deep/part.php", "<?php return '" + next + "';");
            await().atMost(Duration.ofSeconds(1)).untilAsserted(() -> assertEquals(next, answer()));
        });
    }

    /** Two workers of two children: one worker has none free, so it is told by the first that ends. */
    @Test
    void aWorkerWhoseChildrenAreAllBusyIsToldByTheFirstThatIsFree() throws Exception {
        put("index.php", "<?php echo include __DIR__ . '/part.php';");
        put("part.php", "<?php return 'one';");
        says("one");
        try (Side side = new Side();
                RawClient first = connect();
                RawClient second = connect();
                RawClient third = connect()) {
            first.get("/api/gate?" + side.query());
            second.get("/api/gate?" + side.query());
            third.get("/api/gate?" + side.query());
            await().until(() -> busy() == 3);
            put("part.php", "<?php return 'two';");
            saysSoon("two");
            side.open("gate");
            assertEquals(200, first.answer().status());
            assertEquals(200, second.answer().status());
            assertEquals(200, third.answer().status());
        }
        // Of both workers: opcache by itself would say the old one for some time yet.
        await().untilAsserted(() -> {
            for (int i = 0; i < 20; i++) {
                assertEquals("two", answer());
            }
        });
    }

    /** Each file is whole, none is older than what has shown, and in the end all are new. */
    @Test
    void twoHundredFilesChangedOneByOneUnderLoadAreEachWhole() throws Exception {
        put("index.php", """
                <?php
                for ($i = 0; $i < 200; $i++) {
                    $part = include __DIR__ . "/parts/$i.php";
                    echo $part[1] === str_repeat((string) $part[0], 3000) ? $part[0] : 'half', ' ';
                }
                """);
        for (int i = 0; i < FILES; i++) {
            part(i, 1);
        }
        says("1 ".repeat(FILES));
        AtomicIntegerArray shown = new AtomicIntegerArray(FILES); // seen new by a request that has ended
        AtomicReference<String> wrong = new AtomicReference<>();
        AtomicInteger calls = new AtomicInteger();
        long began = System.nanoTime();
        AtomicIntegerArray changedAt = new AtomicIntegerArray(FILES); // ms since the begin; 0: not yet
        try (Callers callers = Callers.start(6, http.getPort(), "/api/changing", answer -> {
            check(answer, shown, wrong);
            calls.incrementAndGet();
        })) {
            for (int i = 0; i < FILES; i++) {
                part(i, 2);
                changedAt.set(i, (int) ((System.nanoTime() - began) / 1_000_000) + 1);
                if (i % 10 == 0) {
                    callers.awaitMore(1);
                }
            }
            saysSoon("2 ".repeat(FILES));
            callers.awaitMore(6);
            assertNull(wrong.get());
        }
        assertNull(wrong.get());
        assertTrue(calls.get() > 20, "calls " + calls.get());
    }

    private void part(int i, int version) throws IOException {
        put(
                "parts/" + i + ".php",
                "<?php return [" + version + ", '" + String.valueOf(version).repeat(3_000) + "'];");
    }

    private static void check(Answer answer, AtomicIntegerArray shown, AtomicReference<String> wrong) {
        String[] parts = answer.text().split(" ");
        if (answer.status() != 200 || parts.length != FILES) {
            wrong.compareAndSet(null, answer.status() + " " + answer.text());
            return;
        }
        for (int i = 0; i < FILES; i++) {
            if (!parts[i].equals("1") && !parts[i].equals("2")) {
                wrong.compareAndSet(null, "file " + i + " is " + parts[i]);
            }
        }
    }
}
