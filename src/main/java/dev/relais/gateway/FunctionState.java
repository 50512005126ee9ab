package dev.relais.gateway;

import dev.relais.telemetry.FunctionMeters;
import dev.relais.worker.UsualLatency;

/** What is remembered of a function over its invocations and over reloads; by name, and dropped when the name is gone. */
record FunctionState(FunctionMeters meters, UsualLatency usualLatency) {}
