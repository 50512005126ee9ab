/**
 * HTTP itself, whoever answers: request target and head, framing, forwarding, connections and their clocks, the writer of an
 * answer's head, content coding, and the problems that are told to clients.
 *
 * <p>Imports {@code fastcgi} (an answer's head), {@code system} and {@code telemetry}; knows neither functions nor workers.
 */
@NullMarked
package dev.relais.http;

import org.jspecify.annotations.NullMarked;
