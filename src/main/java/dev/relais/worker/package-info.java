/**
 * The group of workers as a whole: its generations, the supervision that replaces masters and children, recycling and upkeep.
 *
 * <p>The workers of one version of the code are a {@link dev.relais.worker.Generation}; what a new one does before it serves are
 * {@link dev.relais.worker.Trial}s, of which {@link dev.relais.worker.Compilation} is one. {@link dev.relais.worker.Generations} is where
 * anybody asks for a new one; the order of a switch stands in {@code lifecycle.Succession}.
 *
 * <p>Imports {@code slot}, {@code process} and {@code fastcgi}: which kind of worker process it runs it knows by {@link
 * dev.relais.slot.WorkerKind} alone.
 *
 * <p>Threads: starting, checking, finding and reading {@code /proc} block; they belong on the supervisor's thread, the sampler's, or the
 * thread of the start, never on an event loop. What takes time to end (a master, its group) runs on a daemon thread of its own and is
 * given back as a stage.
 */
@NullMarked
package dev.relais.worker;

import org.jspecify.annotations.NullMarked;
