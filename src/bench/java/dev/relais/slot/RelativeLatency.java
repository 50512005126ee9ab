package dev.relais.slot;

/** The real {@link UsualLatency} of one function, for the simulation. */
public final class RelativeLatency {
    private final UsualLatency usual = new UsualLatency("simulated");

    /**
     * Takes a latency in.
     *
     * @return it relative to the usual one
     */
    public double observe(double seconds) {
        return usual.observe((long) (seconds * 1e9));
    }
}
