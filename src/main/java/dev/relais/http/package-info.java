/**
 * The parts of HTTP that do not depend on what answers: request target and head, framing, forwarding, connections and their
 * timers, the writer of an answer's head, content coding, and the problems that clients get.
 *
 * <p>Imports {@code fastcgi} (an answer's head), {@code system} and {@code telemetry}; knows neither functions nor workers.
 */
@NullMarked
package dev.relais.http;

import org.jspecify.annotations.NullMarked;
