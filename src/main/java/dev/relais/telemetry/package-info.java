/**
 * What is told of the gateway: {@link dev.relais.telemetry.Snapshot}s of its state, and meters. It is the only room that knows Micrometer.
 * It reads worker, balancer, admission and functions; {@code gateway} imports it for what is counted per invocation, {@code console} for
 * what it shows.
 */
@NullMarked
package dev.relais.telemetry;

import org.jspecify.annotations.NullMarked;
