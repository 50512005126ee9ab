/**
 * Starts processes of the operating system, finds them in {@code /proc}, measures and ends them, whatever program they run.
 *
 * <p>Imports only the root package of Relais. Everything here blocks, so it must never be called on an event loop.
 */
@NullMarked
package dev.relais.process;

import org.jspecify.annotations.NullMarked;
