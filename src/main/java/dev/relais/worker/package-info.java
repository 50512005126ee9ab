/**
 * The group of workers as a whole: its generations, the supervision that replaces masters and children, recycling and upkeep.
 *
 * <p>The workers of one version of the code are a {@link dev.relais.worker.Generation}. Before a new one serves it runs
 * {@link dev.relais.worker.Trial}s, by which {@link dev.relais.worker.Compilation} works too. A new one is requested at
 * {@link dev.relais.worker.Generations}; {@code lifecycle.Succession} has the order of a switch.
 *
 * <p>Imports {@code slot}, {@code process}, {@code system} and {@code events}. It knows the kind of worker process that it runs only by
 * {@link dev.relais.slot.WorkerKind}.
 *
 * <p>Starting, checking, finding and reading {@code /proc} block, so they belong on the supervisor's thread, the sampler's, or
 * the starting thread, and never on an event loop. The end of a master or its group takes time, so it runs on a daemon thread
 * of its own and is returned as a stage.
 */
@NullMarked
package dev.relais.worker;

import org.jspecify.annotations.NullMarked;
