/**
 * The operating system's processes: started, found in {@code /proc}, measured and ended, whatever program they run.
 *
 * <p>Imports nothing of Relais but the root package. Everything here blocks, for moments or longer: never call it on an event loop.
 */
@NullMarked
package dev.relais.process;

import org.jspecify.annotations.NullMarked;
