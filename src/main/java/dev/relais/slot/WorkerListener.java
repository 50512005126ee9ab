package dev.relais.slot;

/** Told of changes after which the workers are to be ranked at once, not only at the next sample. On an event loop; must not block. */
public interface WorkerListener {
    /** A worker has got its first proven child. */
    void onServing();

    /** The last exchanges of a worker were all slow. */
    void onSlow();
}
