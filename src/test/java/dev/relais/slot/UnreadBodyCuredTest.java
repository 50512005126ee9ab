package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A PHP that drops what a script has left unread of a body. */
class UnreadBodyCuredTest extends UnreadBodyFixture {
    @Test
    void oneConnectionCarriesAllExchanges() throws Exception {
        attachCounting();
        runs(new Hello());
        runs(null);
        runs(new Hello());
        assertEquals(1, connections.get());
        assertEquals(List.of(true, true, true), kept);
    }
}
