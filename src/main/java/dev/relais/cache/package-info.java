/**
 * The result cache: answers of functions that are given again without PHP, as RFC 9111 says for a shared cache. It knows nothing of
 * connections and children: {@code gateway} asks it what to do with a request and gives it the answers that come from PHP.
 *
 * <p>{@link dev.relais.cache.ResultKey} says which requests are the same; {@link dev.relais.cache.StoreRules} what may be kept and
 * {@link dev.relais.cache.UseRules} what of it may be given to whom; {@link dev.relais.cache.ResultStore} keeps it within its bounds;
 * {@link dev.relais.cache.Flights} has many requests wait for one answer; {@link dev.relais.cache.SharedAnswers} has what several
 * gateways share. src/docs/cache.md has the rules with their tests.
 */
@NullMarked
package dev.relais.cache;

import org.jspecify.annotations.NullMarked;
