package dev.relais.simulation;

/**
 * What is simulated.
 *
 * @param workers how many
 * @param load offered, as a share of what all children together can serve
 * @param sampleAge seconds between two looks of the sampler
 * @param slow how many workers are slow, the first ones
 * @param factor how many times slower
 * @param period seconds that slow workers are slow and as usual by turns; 0: always slow
 * @param central true: one queue at the gateway; false: one behind each worker
 * @param warmUp seconds that do not count
 * @param seconds that count
 */
record Scenario(
        int workers,
        double load,
        double sampleAge,
        int slow,
        double factor,
        double period,
        boolean central,
        double warmUp,
        double seconds) {
    static final int CHILDREN = 8;
    /** Seconds; service times are exponential. */
    static final double MEAN = 0.02;

    /** Equal workers, for as long as the number of requests makes sense. */
    static Scenario equal(int workers, double sampleAge, boolean central) {
        boolean many = workers >= 1_000;
        double warmUp = many ? Math.max(2, 1.1 * sampleAge) : 3 * Math.max(1, sampleAge);
        double seconds = workers >= 10_000 ? 0.5 : many ? 2 : workers >= 100 ? 15 : 60;
        return new Scenario(workers, 0.8, sampleAge, 0, 1, 0, central, warmUp, seconds);
    }

    /** One in eight is ten times slower, of fewer than eight one. */
    Scenario unequal() {
        return slow(Math.max(1, workers / 8), 10, 0);
    }

    Scenario slow(int slow, double factor, double period) {
        return new Scenario(workers, load, sampleAge, slow, factor, period, central, warmUp, seconds);
    }

    Scenario load(double load) {
        return new Scenario(workers, load, sampleAge, slow, factor, period, central, warmUp, seconds);
    }

    double slowness(int worker, double now) {
        boolean slowNow = worker < slow && (period == 0 || (long) (now / period) % 2 == 1);
        return slowNow ? factor : 1;
    }

    /** Requests per second; of workers that are slow by turns it is counted as if they were always. */
    double arrivalRate() {
        return load * capacity() / MEAN;
    }

    /** In children of a worker that is as usual. */
    double capacity() {
        return CHILDREN * (workers - slow + slow / factor);
    }
}
