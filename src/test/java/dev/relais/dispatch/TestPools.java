package dev.relais.dispatch;

import dev.relais.admission.WaitingRoom;
import dev.relais.balancer.Balancer;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Makes pools for tests. */
public final class TestPools {
    private TestPools() {}

    /** A pool without workers, so that each invocation waits in this room or is refused. */
    public static Pool empty(WaitingRoom<Runner> room, LongSupplier clock) {
        return of(new Balancer(() -> Duration.ofSeconds(1)), room, clock);
    }

    /** A pool of the workers that this balancer ranks. */
    public static Pool of(Balancer balancer, WaitingRoom<Runner> room, LongSupplier clock) {
        return new Pool(balancer, room, new Dispatch(balancer, room, clock));
    }
}
