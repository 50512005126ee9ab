package dev.relais.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** When changes are told, by a clock that the test moves: a wait that nothing ends moves it to its end. */
class CodeWatchTest {
    private final List<CodeChange> told = new ArrayList<>();
    private final List<Long> toldAt = new ArrayList<>();
    private final Deque<Consumer<FolderWatch.Sink>> events = new ArrayDeque<>();
    private final Deque<Long> eventTimes = new ArrayDeque<>();
    private long now = 1_000_000_000L;
    private int follows;
    private int closes;
    private final List<String> followed = new ArrayList<>(); // by which watch
    private Set<Path> folders = Set.of(Path.of("/f"));
    private boolean young;
    private boolean fails;
    private long takes; // ns, to look at all folders
    private String place = "here";
    private final CodeWatch watch = new CodeWatch(
            new CodeWatch.Folders() {
                @Override
                public CodeWatch.Followed follow() throws IOException {
                    return CodeWatchTest.this.follow();
                }

                @Override
                public Object place() {
                    return place;
                }
            },
            this::add,
            () -> now);

    private void add(CodeChange change) {
        told.add(change);
        toldAt.add(now);
    }

    private CodeWatch.Followed follow() throws IOException {
        int number = ++follows;
        now += takes;
        if (fails) {
            throw new IOException("not there");
        }
        return new CodeWatch.Followed(
                new FolderWatch() {
                    @Override
                    public void await(long nanos, Sink sink) {
                        long end = now + nanos;
                        if (!events.isEmpty() && eventTimes.peek() <= end) {
                            now = Math.max(now, eventTimes.poll());
                            events.poll().accept(sink);
                        } else {
                            now = end;
                        }
                    }

                    @Override
                    public void follow(Path folder, Sink sink) {
                        followed.add(number + " " + folder);
                    }

                    @Override
                    public void close() {
                        closes++;
                    }
                },
                folders,
                young);
    }

    private void at(long millis, Consumer<FolderWatch.Sink> event) {
        events.add(event);
        eventTimes.add(now + TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private void changedAt(long millis, String file) {
        at(millis, sink -> sink.changed(Path.of(file)));
    }

    private void run(long millis) throws InterruptedException {
        long end = now + TimeUnit.MILLISECONDS.toNanos(millis);
        while (now < end) {
            watch.step();
        }
    }

    @Test
    void whatChangesWithinMillisecondsIsToldTogetherAndOnceMoreAsDoubtful() throws Exception {
        changedAt(0, "/f/a.php");
        changedAt(1, "/f/b.php");
        long began = now;
        run(1_000);
        assertEquals(
                List.of(
                        new CodeChange(Set.of("/f/a.php", "/f/b.php"), Set.of(), false),
                        new CodeChange(Set.of(), Set.of("/f/a.php", "/f/b.php"), false)),
                told);
        assertTrue(toldAt.get(0) - began <= CodeWatch.GATHER_NANOS);
        assertTrue(toldAt.get(1) - toldAt.get(0) <= CodeWatch.AGAIN_NANOS);
    }

    @Test
    void whatChangesAllTheTimeIsToldAFewTimesASecondAndNeverLate() throws Exception {
        for (int i = 0; i < 5_000; i++) {
            changedAt(i, "/f/" + i + ".php");
        }
        long began = now;
        run(6_000);
        long tells = told.stream().filter(change -> !change.changed().isEmpty()).count();
        assertTrue(tells < 5 * 5 + 10, "told " + tells);
        for (int t = 0; t < told.size(); t++) {
            for (String file : told.get(t).changed()) {
                long changed = began + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(file.replaceAll("\\D", "")));
                assertTrue(toldAt.get(t) - changed <= CodeWatch.LONGEST_PAUSE_NANOS + CodeWatch.GATHER_NANOS, file);
            }
        }
        assertEquals(
                5_000, told.stream().mapToInt(change -> change.changed().size()).sum());
    }

    @Test
    void whatCannotBeNamedMakesAllDoubtfulBesideWhatCanAndTheFoldersAreFollowedAnew() throws Exception {
        changedAt(0, "/f/a.php");
        at(1, FolderWatch.Sink::unknown);
        run(1_000);
        assertEquals(new CodeChange(Set.of("/f/a.php"), Set.of(), true), told.get(0));
        assertTrue(told.get(1).all());
        assertEquals(2, follows);
        assertEquals(1, closes);
    }

    @Test
    void aFolderThatComesIsFollowedAndWhatIsInItChecked() throws Exception {
        at(0, sink -> {
            folders = Set.of(Path.of("/f"), Path.of("/f/new"));
            sink.moreFolders();
        });
        run(1_000);
        assertEquals(2, follows);
        assertEquals(List.of("2 /f/new"), followed); // which tells what is in it as changed
        assertEquals(List.of(new CodeChange(Set.of(), Set.of(), true)), told);
    }

    /** It came between the look at all folders and the last question to the watch before. */
    @Test
    void aFolderThatOnlyTheFormerWatchHasSeenIsFollowedByTheNext() throws Exception {
        at(0, FolderWatch.Sink::moreFolders);
        at(0, sink -> sink.arrived(Path.of("/f/late")));
        at(500, sink -> sink.arrived(Path.of("/f/later"))); // which the next one follows already
        run(1_000);
        assertEquals(2, follows);
        assertEquals(List.of("2 /f/late"), followed);
    }

    @Test
    void foldersThatChangedWhileTheyWereLookedAtAreLookedAtAgain() throws Exception {
        young = true;
        run(100);
        assertEquals(1, follows);
        young = false;
        run(2_000);
        assertEquals(2, follows);
        assertEquals(List.of(), told);
    }

    @Test
    void aDirectoryThatIsAnotherOneIsFollowedAnew() throws Exception {
        run(1_000);
        watch.loaded();
        run(1_000);
        assertEquals(1, follows);
        place = "elsewhere";
        watch.loaded();
        run(1_000);
        assertEquals(2, follows);
    }

    @Test
    void afterAFirstLookThatTookLongAllIsDoubtful() throws Exception {
        takes = TimeUnit.MILLISECONDS.toNanos(500);
        run(600);
        assertEquals(new CodeChange(Set.of(), Set.of(), true), told.get(0));
    }

    @Test
    void afterFoldersThatCouldNotBeFollowedAllIsDoubtful() throws Exception {
        run(100);
        fails = true;
        at(0, FolderWatch.Sink::moreFolders);
        watch.step(); // it hears of the folder
        now += TimeUnit.SECONDS.toNanos(5);
        watch.step(); // and cannot follow; a retry is not due yet
        assertEquals(List.of(), told);
        fails = false;
        now += TimeUnit.SECONDS.toNanos(5);
        run(100);
        assertEquals(new CodeChange(Set.of(), Set.of(), true), told.get(0));
    }

    @Test
    void moreNamesThanAreKeptMakeAllDoubtful() throws Exception {
        at(0, sink -> {
            for (int i = 0; i < 20_000; i++) {
                sink.changed(Path.of("/f/" + i));
            }
        });
        run(1_000);
        assertTrue(told.get(0).all());
        assertEquals(5_000, told.get(0).changed().size());
    }
}
