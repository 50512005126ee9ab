package dev.relais.slot;

/** What a worker notes of its exchanges, for the simulation. */
public final class Exchanges {
    private Exchanges() {}

    /**
     * Takes one in.
     *
     * @return whether the worker has become slow by it
     */
    public static boolean add(Worker worker, double relativeLatency) {
        return worker.slowRun().add(relativeLatency);
    }

    /** How many in a row, up to the last one, were slow. */
    public static int slowRun(Worker worker) {
        return worker.slowRun().length();
    }
}
