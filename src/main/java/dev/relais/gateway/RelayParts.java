package dev.relais.gateway;

import dev.relais.body.AnswerBuffers;
import dev.relais.events.Events;
import dev.relais.telemetry.AnswerMeters;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * What the relays of all invocations have in common.
 *
 * @param buffers for clients that are slow
 * @param meters of answers that were broken off
 * @param draining whether the gateway is about to stop, so that a connection ends with its answer
 * @param events receives an event for each request that is run again
 * @param clock nanoseconds, as {@link System#nanoTime}
 */
record RelayParts(
        AnswerBuffers buffers, AnswerMeters meters, BooleanSupplier draining, Events events, LongSupplier clock) {}
