/**
 * The access log: one line for each invocation, whoever has answered it, in a file, on standard output or to a syslog server.
 *
 * <p>An event loop only notes at the end of an invocation what its line may tell, into a queue with a bound; one thread of the room's own
 * makes the lines and writes them. Where they cannot be written, lines are lost and counted, and no request waits.
 *
 * <p>Imports {@code telemetry}, of whose invocations it is an observer, and {@code output}, whose thread writes.
 */
@NullMarked
package dev.relais.accesslog;

import org.jspecify.annotations.NullMarked;
