package dev.relais.cache;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One question to PHP: when it was asked, and the flight of those who wait for its answer. Confined to the event loop of the request that
 * asks.
 */
final class Asking {
    private final CacheCore cache;
    private final Region region;
    private @Nullable String key; // null: nobody may wait
    private @Nullable Flight flight; // null: nobody waits
    private long millis; // 0: not asked yet
    private long moment;
    private long epoch;
    private @Nullable SharedMoment sharedMoment; // null: the answer is not shared
    private @Nullable String token; // of the resource in the shared level; null: not known
    private boolean isNew; // whether the resource was not there
    private boolean hasLookedUp;

    Asking(CacheCore cache, Region region) {
        this.cache = cache;
        this.region = region;
    }

    /**
     * @param wanted names who asks the same
     * @param primary of the key of the request
     * @return the flight of another request that asks the same; null when this one asks
     */
    @Nullable
    Flight board(String wanted, String primary) {
        key = wanted;
        Flights.Boarding boarding = cache.flights().board(wanted, asked -> region.isCurrent(primary, List.of(), asked));
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
        if (flight != null) {
            flight.begin(moment);
        }
        sharedMoment = cache.shared().level().moment();
    }

    /** Whether the shared level is to be asked before PHP: once. */
    boolean looksUp() {
        boolean first = !hasLookedUp;
        hasLookedUp = true;
        return first;
    }

    /**
     * The shared level has been asked.
     *
     * @param found the token of the resource there; empty when there was none
     */
    void lookedUp(String found) {
        isNew = found.isEmpty();
        token = isNew ? cache.shared().level().newToken() : found;
    }

    /** What the answer will have to do with the shared level; null for nothing. */
    @Nullable
    SharedMark mark() {
        return SharedMark.of(sharedMoment, token, isNew);
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
        if (key != null) {
            cache.flights().isShared(key);
        }
    }

    /**
     * Its answer is not kept.
     *
     * @param again whether the next answer to such a request is expected not to be kept either
     */
    void isNotStored(NotStored reason, boolean again) {
        region.counts().notStored(reason);
        if (flight != null && again) {
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
