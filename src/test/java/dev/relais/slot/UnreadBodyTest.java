package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A PHP that takes for the next request what a script has left unread of a body. */
class UnreadBodyTest extends UnreadBodyFixture {
    @Override
    boolean keepsAfterBody() {
        return false;
    }

    @Test
    void noConnectionIsUsedAgainAfterABody() throws Exception {
        attachCounting();
        runs(null);
        runs(null);
        assertEquals(1, connections.get());
        runs(new Hello());
        runs(new Hello());
        runs(null);
        assertEquals(3, connections.get());
        assertEquals(List.of(true, true, false, false, true), kept);
        assertEquals(0, crashes.get());
    }
}
