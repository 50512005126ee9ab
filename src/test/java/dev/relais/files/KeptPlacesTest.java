package dev.relais.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.sites.Application;
import dev.relais.sites.DenyList;
import dev.relais.sites.PathRules;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is given out that was looked up a second ago, and what is kept has its bounds. */
class KeptPlacesTest {
    private static final int MOST = 100_000;

    @TempDir
    Path directory;

    private final List<FileChannel> channels = new ArrayList<>();
    private final Application folder = application();
    private long now = 5;
    private final KeptPlaces kept = new KeptPlaces(MOST, () -> now);

    private static Application application() {
        return new Application("", Path.of("/srv"), List.of(), List.of(), PathRules.of(DenyList.NONE), null, Map.of());
    }

    private static Demand.Key key(Application application, String path) {
        return new Demand.Key(application, path, "", "gzip", false, true);
    }

    private ApplicationPlace place(long began) {
        return new ApplicationPlace(null, null, null, null, null, null, began);
    }

    /** In memory. */
    private OpenFile file() {
        OpenFile open = new OpenFile(channel(), "a", 0, 0, "a");
        open.close();
        return open.inMemory(new FileBytes(Unpooled.EMPTY_BUFFER));
    }

    private FileChannel channel() {
        try {
            FileChannel channel =
                    FileChannel.open(directory.resolve("file"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channels.add(channel);
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void put(String path, int bytes) {
        kept.put(key(folder, path), place(now), file(), bytes, now);
    }

    private ApplicationPlace get(String path) {
        return kept.get(key(folder, path));
    }

    @Test
    void whatIsASecondOldIsNotGiven() {
        put("/a", 10);
        now += KeptPlaces.RENEW_NANOS - 1;
        assertNotNull(get("/a"));
        now += KeptPlaces.RENEW_NANOS + 1;
        assertNull(get("/a"));
        assertNull(get("/a"));
    }

    @Test
    void oneRequestRenewsWhatOthersStillGet() {
        put("/a", 10);
        now += KeptPlaces.RENEW_NANOS;
        assertNull(get("/a"), "this one looks it up");
        assertNotNull(get("/a"));
        assertNotNull(get("/a"));
        put("/a", 10);
        assertNotNull(get("/a"));
    }

    @Test
    void theAgeCountsFromTheBeginOfTheLookUp() {
        long began = now;
        now += KeptPlaces.MOST_NANOS - 1;
        kept.put(key(folder, "/a"), place(began), file(), 10, began);
        assertNull(get("/a"), "to be renewed");
        assertNotNull(get("/a"));
        now++;
        assertNull(get("/a"));
    }

    @Test
    void anotherFolderOrAnotherAcceptEncodingIsAnotherKey() {
        put("/a", 10);
        assertNull(kept.get(key(application(), "/a")), "equal, but of another reload");
        assertNull(kept.get(new Demand.Key(folder, "/a", "", "br", false, true)));
        assertNull(kept.get(new Demand.Key(folder, "/a", "", "gzip", true, true)));
        assertNull(kept.get(new Demand.Key(folder, "/a", "b.example", "gzip", false, true)));
        assertNull(kept.get(new Demand.Key(folder, "/a", "", "gzip", false, false)), "another method");
    }

    @Test
    void whatIsFullKeepsNothingMoreUntilSomethingIsOld() {
        put("/a", 60_000);
        put("/b", 60_000);
        assertNotNull(get("/a"));
        assertNull(get("/b"));
        now += KeptPlaces.MOST_NANOS;
        put("/b", 60_000);
        assertNotNull(get("/b"));
        assertNull(get("/a"));
    }

    /** With thousands of files that find no room, going through all of them for each took most of the gateway's time. */
    @Test
    void whatIsFullIsNotGoneThroughForEachThatFindsNoRoom() {
        put("/a", 10);
        put("/b", 60_000);
        now += KeptPlaces.MOST_NANOS / 2;
        put("/c", 60_000); // goes through all, of which none is old
        now += KeptPlaces.MOST_NANOS / 2 - 1;
        put("/c", 60_000);
        now++;
        put("/c", 60_000); // finds no room, though what takes it is old by one nanosecond
        assertNull(get("/c"));
        now += KeptPlaces.MOST_NANOS / 10;
        put("/c", 60_000);
        assertNotNull(get("/c"));
    }

    @Test
    void aScriptHasNoFile() {
        kept.put(key(folder, "/a.php"), place(now), null, 0, now);
        assertNotNull(get("/a.php"));
        assertEquals(0, kept.openFiles());
        assertTrue(kept.usedBytes() > 0);
        now += KeptPlaces.MOST_NANOS;
        assertNull(get("/a.php"));
        kept.sweep();
        assertEquals(0, kept.usedBytes());
    }

    @Test
    void whatIsReplacedOrRemovedGivesItsRoomBack() {
        for (int i = 0; i < 10; i++) {
            put("/a", 60_000);
        }
        long one = kept.usedBytes();
        kept.remove(key(folder, "/a"));
        kept.remove(key(folder, "/a"));
        assertEquals(0, kept.usedBytes());
        put("/b", 60_000);
        assertEquals(one, kept.usedBytes());
        kept.clear();
        assertEquals(0, kept.usedBytes());
        assertNull(get("/b"));
    }

    @Test
    void onlySoManyAreKeptHoweverSmall() {
        KeptPlaces many = new KeptPlaces(Long.MAX_VALUE / 2, () -> now);
        for (int i = 0; i < 5_000; i++) {
            many.put(key(folder, "/" + i), place(now), file(), 1, now);
        }
        assertNotNull(many.get(key(folder, "/4095")));
        assertNull(many.get(key(folder, "/4096")));
    }

    @Test
    void anOpenFileIsClosedWhenItIsOldAndNobodyUsesIt() {
        OpenFile open = new OpenFile(channel(), "a", 0, 0, "a");
        kept.put(key(folder, "/a"), place(now).of(open), open.shared(), 0, now);
        open.close();
        ApplicationPlace given = get("/a");
        assertNotSame(open, given.file());
        assertEquals(1, kept.openFiles());

        now += KeptPlaces.MOST_NANOS;
        kept.sweep();
        assertEquals(0, kept.openFiles());
        assertTrue(channels.get(0).isOpen(), "it is being sent");
        given.file().close();
        given.file().close();
        assertFalse(channels.get(0).isOpen());
    }

    @Test
    void onlySoManyStayOpen() {
        KeptPlaces many = new KeptPlaces(Long.MAX_VALUE / 2, () -> now);
        for (int i = 0; i < 300; i++) {
            OpenFile open = new OpenFile(channel(), "a", 0, 0, "a");
            many.put(key(folder, "/" + i), place(now).of(open), open.shared(), 0, now);
            open.close();
        }
        assertEquals(256, many.openFiles());
        assertEquals(256, channels.stream().filter(FileChannel::isOpen).count());
        many.clear();
        assertEquals(0, channels.stream().filter(FileChannel::isOpen).count());
    }

    /** A client makes the texts as long as it likes. */
    @Test
    void theTextsOfAKeyTakeRoom() {
        String path = "/" + "x".repeat(20_000);
        put(path + "a", 0);
        put(path + "b", 0);
        put(path + "c", 0);
        assertNotNull(get(path + "b"));
        assertNull(get(path + "c"));
        kept.clear();
        assertEquals(0, kept.usedBytes());
        assertTrue(kept.isEmpty());
    }

    @Test
    void theSameIsGivenToAll() {
        ApplicationPlace place = place(now);
        kept.put(key(folder, "/a"), place, file(), 10, now);
        assertSame(place, get("/a"));
        assertSame(place, get("/a"));
    }
}
