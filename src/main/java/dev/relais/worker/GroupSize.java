package dev.relais.worker;

/** Says how large the workers are to be. Any thread; may block for a short time. */
public interface GroupSize {
    /** How many children each worker of the next generation gets, at least 1. */
    int childrenPerWorker();
}
