package dev.relais.slot;

/**
 * Called for changes after which the workers have to be ranked at once and not only at the next sample. Called on an event
 * loop, so it must not block.
 */
public interface WorkerListener {
    /** A worker has got its first proven child. */
    void onServing();

    /** The last exchanges of a worker were all slow. */
    void onSlow();
}
