/**
 * A discrete-event simulation of the selection of a worker: what a rule costs on 2 to 10,000 workers, with samples of any age, before
 * anybody builds it. {@code src/bench/simulate} runs it; see {@link dev.relais.simulation.Simulate}.
 */
package dev.relais.simulation;
