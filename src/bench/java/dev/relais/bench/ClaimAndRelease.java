package dev.relais.bench;

import dev.relais.balancer.Rankings;
import dev.relais.slot.Slot;
import dev.relais.slot.Slots;
import io.netty.channel.DefaultEventLoop;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** From a request that needs a child to the claimed slot, and back: select, claim, release, as one operation. */
@State(Scope.Benchmark)
public class ClaimAndRelease {
    @Param({"8", "64", "512"})
    int workers;

    /** idle: all children are free; last: all but one are busy, so that the draw fails and the bitmap is walked; full: none is free. */
    @Param({"idle", "last", "full"})
    String load;

    private Rankings rankings;
    private long now;

    @Setup
    public void fill() {
        rankings = new Rankings(Slots.workers(workers, 8, List.of(new DefaultEventLoop())));
        now = System.nanoTime();
        int claims = workers * 8 - ("last".equals(load) ? 1 : 0);
        for (int i = 0; i < ("idle".equals(load) ? 0 : claims); i++) {
            if (rankings.claim(now) == null) {
                throw new IllegalStateException("claimed only " + i);
            }
        }
    }

    @Benchmark
    public Slot claimAndRelease() {
        Slot slot = rankings.claim(now);
        if (slot != null) {
            rankings.release(slot);
        }
        return slot;
    }
}
