/**
 * Spans of requests, for OpenTelemetry. They are made at the end of a request, of the times that its
 * {@link dev.relais.telemetry.Timeline} has kept, so that a request costs nothing more while it runs; what is not sampled costs two ids.
 * Imports {@code http} and {@code telemetry}.
 */
@NullMarked
package dev.relais.tracing;

import org.jspecify.annotations.NullMarked;
