package dev.relais.balancer;

import java.util.concurrent.TimeUnit;

/**
 * What the simulation turns: {@link Tuning}, for other packages.
 *
 * @param tolerance scores up to so many times the median are equally good
 * @param bad a worker with a score over so many times the median is held back; infinite: none ever is
 * @param patience the queue at which a child that is held back is used, in multiples of (slowness - 1) * (children not held back)
 * @param probeSeconds between two probes of a worker, at first
 * @param probeShare one request in so many is a probe at most
 */
public record Knobs(double tolerance, double bad, double patience, double probeSeconds, long probeShare) {
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    /** As they are in force. */
    public static final Knobs OURS = of(Tuning.RELAIS);

    public static final Knobs WITHOUT_HOLD_BACK = OURS.bad(Double.POSITIVE_INFINITY);

    private static Knobs of(Tuning tuning) {
        return new Knobs(
                tuning.tolerance(),
                tuning.bad(),
                tuning.patience(),
                tuning.firstRetryNanos() / NANOS,
                tuning.requestsPerProbe());
    }

    public Knobs tolerance(double value) {
        return new Knobs(value, bad, patience, probeSeconds, probeShare);
    }

    public Knobs bad(double value) {
        return new Knobs(tolerance, value, patience, probeSeconds, probeShare);
    }

    public Knobs patience(double value) {
        return new Knobs(tolerance, bad, value, probeSeconds, probeShare);
    }

    public Knobs probes(double seconds, long share) {
        return new Knobs(tolerance, bad, patience, seconds, share);
    }

    Tuning tuning() {
        return new Tuning(tolerance, bad, patience, (long) (probeSeconds * NANOS), probeShare);
    }

    boolean holdsBack() {
        return bad < Double.POSITIVE_INFINITY;
    }
}
