package dev.relais.balancer;

import dev.relais.slot.Worker;

/**
 * One place of the ranking.
 *
 * @param score lower is better, 1 is as usual
 * @param allowance how many of its children may be in use: all, or fewer during a slow return, or none
 */
public record Ranked(Worker worker, double score, WorkerState state, int allowance) {
    static Ranked normal(Worker worker, double score) {
        return new Ranked(worker, score, WorkerState.NORMAL, worker.size());
    }

    /** Whether its children can be claimed without a look at how many are in use. */
    boolean isWhole() {
        return allowance >= worker.size();
    }

    /** Whether one more child may be claimed; a race between event loops may let in one too many for each of them. */
    boolean hasRoom() {
        return isWhole() || worker.used() < allowance;
    }
}
