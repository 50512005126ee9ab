/**
 * Which worker: the ranking, the score it is sorted by, the sampler that swaps it, who is held back or ejected, and the claim of a
 * slot.
 *
 * <p>Imports {@code worker}. The data plane reads one volatile reference; the sampler is its only regular writer.
 */
@NullMarked
package dev.relais.balancer;

import org.jspecify.annotations.NullMarked;
