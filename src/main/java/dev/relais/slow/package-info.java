/**
 * Tells what a script does that takes too long, as far as that can be seen from outside.
 *
 * <p>{@link dev.relais.slow.SlowRuns} looks at the children once in each tick and adds an event; what {@code /proc} says of a process is read by
 * {@link dev.relais.process.ProcessSight}. Nothing is done for it when a request begins or ends, and nothing at all while it is off.
 */
@NullMarked
package dev.relais.slow;

import org.jspecify.annotations.NullMarked;
