/**
 * The debug lane: requests that carry a signature, or in dev mode what starts Xdebug, run on workers that have a debugger or a profiler loaded.
 * These are started when the first such request comes and end when none has come for a while. No other request meets them: to it the lane is a
 * field of the gateway that is null.
 *
 * <p>All of a lane but what event loops ask is done on the supervisor's thread.
 */
@NullMarked
package dev.relais.debug;

import org.jspecify.annotations.NullMarked;
