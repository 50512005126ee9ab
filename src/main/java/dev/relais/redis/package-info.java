/**
 * The shared level of the result cache in Redis: answers that several gateways give, and a journal of what they purge. Redis may be slow,
 * full, restarted or gone at any time: a look-up waits a few milliseconds at most, a breaker stops asking, and no request fails for it.
 *
 * <p>{@link dev.relais.redis.RedisLevel} is what the cache sees; {@link dev.relais.redis.RedisLink} keeps the connections, and
 * {@link dev.relais.redis.Journal} reads and writes the purges. All that concerns the connections runs on one event loop.
 */
@NullMarked
package dev.relais.redis;

import org.jspecify.annotations.NullMarked;
