package dev.relais.balancer;

import dev.relais.slot.Worker;

/**
 * One worker in the ranking.
 *
 * @param score lower is better, 1 is as usual
 * @param allowance how many of its children may be in use: all, or fewer during a slow return, or none
 * @param relativeLatency and {@code failureShare} what the score is made of
 */
public record Ranked(
        Worker worker, double score, WorkerState state, int allowance, double relativeLatency, double failureShare) {
    static Ranked normal(Worker worker, double score) {
        return new Ranked(worker, score, WorkerState.NORMAL, worker.size(), score, 0);
    }

    /** Whether all its children may be in use, so that they need not be counted before a claim. */
    boolean isWhole() {
        return allowance >= worker.size();
    }

    /** Whether one more child may be claimed. When event loops ask at the same time, each may let in one too many. */
    boolean hasRoom() {
        return isWhole() || worker.used() < allowance;
    }
}
