package dev.relais.body;

import dev.relais.http.MemoryBudget;

/**
 * Where the answers of all invocations wait for clients that are slower than PHP.
 *
 * @param limits of each answer
 * @param spool for what is not kept in memory
 * @param budget the memory for all answers together
 */
public record AnswerBuffers(BacklogLimits limits, Spool spool, MemoryBudget budget) {}
