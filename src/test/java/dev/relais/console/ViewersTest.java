package dev.relais.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewersTest {
    /** A connection that takes what it is told to. */
    private static final class Line implements Viewers.Line {
        private final List<String> got = new ArrayList<>();
        private boolean full;
        private boolean ended;

        @Override
        public boolean isFull() {
            return full;
        }

        @Override
        public void send(Buffer message) {
            got.add(message.toString());
        }

        @Override
        public void end() {
            ended = true;
        }
    }

    private final Viewers viewers = new Viewers();
    private int made; // how often all was made

    private void publish(String now) {
        publish(now, false);
    }

    private void publish(String now, boolean isNews) {
        viewers.publish(
                () -> {
                    made++;
                    return Buffer.buffer("all until " + now);
                },
                Buffer.buffer(now),
                isNews);
    }

    @Test
    void theFirstMessageIsAllAndTheNextAreWhatIsNew() {
        Line line = new Line();
        viewers.add(line);
        publish("1");
        publish("2");
        assertEquals(List.of("all until 1", "2"), line.got);
    }

    @Test
    void allIsMadeOnceForManyAndNotAtAllForNobody() {
        publish("1");
        assertEquals(0, made);
        for (int i = 0; i < 10; i++) {
            viewers.add(new Line());
        }
        publish("2");
        publish("3");
        assertEquals(1, made);
    }

    @Test
    void oneThatIsSlowMissesMessagesAndThenGetsAll() {
        Line slow = new Line();
        Line quick = new Line();
        viewers.add(slow);
        viewers.add(quick);
        publish("1");
        slow.full = true;
        publish("2");
        publish("3");
        slow.full = false;
        publish("4");
        publish("5");
        assertEquals(List.of("all until 1", "all until 4", "5"), slow.got);
        assertEquals(List.of("all until 1", "2", "3", "4", "5"), quick.got);
    }

    @Test
    void oneThatTakesNothingForLongIsEnded() {
        Line dead = new Line();
        viewers.add(dead);
        publish("1");
        dead.full = true;
        for (int i = 0; i < Viewers.MOST_MISSED; i++) {
            publish("x");
        }
        assertEquals(1, viewers.size());
        publish("x");
        assertTrue(dead.ended);
        assertEquals(0, viewers.size());
        assertEquals(1, dead.got.size());
    }

    @Test
    void newsGoToEverybodyAsAll() {
        Line line = new Line();
        viewers.add(line);
        publish("1");
        publish("2", true);
        assertEquals(List.of("all until 1", "all until 2"), line.got);
    }

    @Test
    void noMoreThanSomeMayLookAndAPlaceIsFreeAgain() {
        List<Viewers.Viewer> all = new ArrayList<>();
        for (int i = 0; i < Viewers.MOST; i++) {
            all.add(viewers.add(new Line()));
        }
        assertNull(viewers.add(new Line()));
        viewers.remove(all.get(0));
        viewers.remove(all.get(0));
        assertNotNull(viewers.add(new Line()));
        assertNull(viewers.add(new Line()));
    }

    @Test
    void atTheStopAllAreEndedAndNoneIsTaken() {
        Line line = new Line();
        viewers.add(line);
        viewers.end();
        assertTrue(line.ended);
        assertNotNull(viewers.add(new Line()));
        viewers.close();
        assertNull(viewers.add(new Line()));
        assertEquals(0, viewers.size());
    }
}
