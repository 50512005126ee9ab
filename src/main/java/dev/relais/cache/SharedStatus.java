package dev.relais.cache;

import org.jspecify.annotations.Nullable;

/**
 * The state of the shared level, for operators. Immutable.
 *
 * @param address without a password
 * @param state {@code connected}, {@code connecting} or {@code full}
 * @param breaker {@code closed}, {@code half-open} or {@code open}
 * @param problem why it was lost or refused last; null for never
 * @param inSyncMillis for how long nothing has been heard of the journal; -1 when never
 * @param untoldPurges purges that wait to be written into the journal
 */
public record SharedStatus(
        String address,
        String state,
        String breaker,
        @Nullable String problem,
        long inSyncMillis,
        int untoldPurges) {}
