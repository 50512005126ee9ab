/**
 * Hostile input, seeded: what makes it, what runs it. The targets live beside the classes they attack; {@code FuzzTest} runs each
 * for a moment, {@code src/bench/fuzz} for millions of inputs.
 */
package dev.relais.fuzzing;
