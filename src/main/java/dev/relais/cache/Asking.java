package dev.relais.cache;

import org.jspecify.annotations.Nullable;

/**
 * One question to PHP: when it was asked, and the flight of those who wait for its answer. Confined to the event loop of the request that
 * asks.
 */
final class Asking {
    private final CacheCore cache;
    private final Region region;
    private @Nullable Flight flight; // null: nobody waits
    private long millis; // 0: not asked yet
    private long moment;
    private long epoch;

    Asking(CacheCore cache, Region region) {
        this.cache = cache;
        this.region = region;
    }

    /** @return the flight of another request that asks the same; null when this one asks */
    @Nullable
    Flight board(String key) {
        Flights.Boarding boarding = cache.flights().board(key);
        flight = boarding.own();
        return boarding.other();
    }

    boolean isFollowed() {
        return flight != null && flight.isFollowed();
    }

    /** It is asked now. */
    void begin() {
        millis = cache.nowMillis();
        moment = cache.regions().purges().now();
        epoch = cache.epoch();
    }

    /** When it was asked, in milliseconds since 1970. */
    long millis() {
        return millis;
    }

    /** When it was asked, on the clock of {@link Purges}. */
    long moment() {
        return moment;
    }

    /** Whether nothing has happened since that makes its answer outdated. */
    boolean isCurrent(String primary, Stored answer) {
        return epoch == cache.epoch() && region.isCurrent(primary, answer.tags(), moment);
    }

    /** Lets those who wait have an answer that arrives. */
    void arrives(Recording recording) {
        if (flight != null) {
            flight.arrives(recording);
        }
    }

    /** Gives those who wait a stored answer. */
    void stands(Stored stored) {
        if (flight != null) {
            flight.stands(stored);
        }
        land();
    }

    void isShared() {
        if (flight != null) {
            cache.flights().isShared(flight.key());
        }
    }

    /** Its answer is not kept. */
    void isNotStored(NotStored reason) {
        region.counts().notStored(reason);
        if (flight != null && !reason.isOfThisAnswer()) {
            cache.flights().isUnshared(flight);
        }
        land();
    }

    /** It is over: those who still wait go on by themselves. Idempotent. */
    void land() {
        if (flight != null) {
            cache.flights().land(flight);
        }
    }

    /** The client is gone before PHP was asked: one of those who wait asks in its place. */
    void vacate() {
        if (flight != null && millis == 0) {
            cache.flights().vacate(flight);
        }
    }
}
