/**
 * What is written by threads of its own, so that a blocked pipe, a full disk or a slow server stops no event loop: bounded queues, their
 * writers, and the gateway's own log, which goes through them.
 *
 * <p>Imports no other room.
 */
@NullMarked
package dev.relais.output;

import org.jspecify.annotations.NullMarked;
