/**
 * Meter names and binders: the only room that knows Micrometer. Reads worker, balancer, admission and functions; imported by
 * {@code gateway} for what is counted per invocation.
 */
package dev.relais.telemetry;
