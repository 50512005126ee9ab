/**
 * {@link dev.relais.telemetry.Snapshot}s of the gateway's state, and its meters. It is the only package that uses Micrometer.
 * It reads worker, balancer, admission and functions; {@code gateway} imports it for what is counted per invocation, and
 * {@code console} for what it shows.
 */
@NullMarked
package dev.relais.telemetry;

import org.jspecify.annotations.NullMarked;
