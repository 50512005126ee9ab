/**
 * The gateway's own warm-up before it is ready: requests to itself that run no function. Not that of the functions, which are called before
 * a generation serves: that is {@code lifecycle}'s.
 */
@NullMarked
package dev.relais.warmup;

import org.jspecify.annotations.NullMarked;
