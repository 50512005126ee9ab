/**
 * Selects the worker for a request: the ranking, the score that it is sorted by, the sampler that replaces it, the decision
 * which workers are held back or ejected, and the claim of a slot.
 *
 * <p>Imports {@code worker}, {@code slot} and {@code events}. The data plane reads one volatile reference; the sampler is its
 * only regular writer.
 */
@NullMarked
package dev.relais.balancer;

import org.jspecify.annotations.NullMarked;
