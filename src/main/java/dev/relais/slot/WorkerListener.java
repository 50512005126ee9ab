package dev.relais.slot;

/** Told what makes it worth looking at the workers at once. On an event loop; must not block. */
public interface WorkerListener {
    /** A worker has got its first proven child. */
    void onServing();

    /** The last exchanges of a worker were all slow. */
    void onSlow();
}
