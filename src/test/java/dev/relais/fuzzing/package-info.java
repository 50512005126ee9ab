/**
 * Makes and runs seeded hostile input. The targets are in the packages of the classes they attack; {@code FuzzTest} runs each
 * for a moment, {@code src/bench/fuzz} for millions of inputs.
 */
package dev.relais.fuzzing;
