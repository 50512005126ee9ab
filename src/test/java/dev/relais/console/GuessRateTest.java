package dev.relais.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuessRateTest {
    private final AtomicLong now = new AtomicLong();
    private final GuessRate rate = new GuessRate(60, now::get);

    private static SocketAddress from(String address) {
        return SocketAddress.inetSocketAddress(40_000, address);
    }

    private void guess(String address) {
        for (int i = 0; i < ActionRate.BURST; i++) {
            assertEquals(0, rate.secondsUntilNext(from(address)));
            rate.wrong(from(address));
        }
    }

    @Test
    void whoHasGuessedWrongTooOftenWaits() {
        guess("192.0.2.7");
        assertEquals(1, rate.secondsUntilNext(from("192.0.2.7")));
        assertEquals(1, rate.secondsUntilNext(from("192.0.2.7")), "to ask costs nothing");
        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertEquals(0, rate.secondsUntilNext(from("192.0.2.7")));
        rate.wrong(from("192.0.2.7"));
        assertEquals(1, rate.secondsUntilNext(from("192.0.2.7")));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.8",
        "192.0.2.7, ::1",
        "2001:db8::1, 2001:db8:0:1::1",
        "::ffff:192.0.2.7, ::ffff:192.0.2.8"
    })
    void nobodyWaitsForAnotherOnesGuesses(String guesser, String other) {
        guess(guesser);
        assertEquals(0, rate.secondsUntilNext(from(other)));
    }

    @Test
    void aHostWithManyIpv6AddressesIsOne() {
        guess("2001:db8:0:1::1");
        assertTrue(rate.secondsUntilNext(from("2001:db8:0:1:ffff::2")) > 0);
    }

    @Test
    void theNumberOfAddressesIsBounded() {
        guess("192.0.2.7");
        for (int i = 0; i < GuessRate.MOST_ADDRESSES; i++) {
            rate.wrong(from("10.0." + i / 250 + "." + i % 250));
        }
        assertEquals(0, rate.secondsUntilNext(from("192.0.2.7")));
        assertEquals(0, rate.secondsUntilNext(null));
    }
}
