package dev.relais.slot;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Lets few resident applications boot at a time, because a boot computes: more at a time would make each slower, and all others too. Those
 * that wait are served in their order. Any thread.
 */
public final class BootTurns {
    private record Waiting(EventLoop loop, Runnable begin) {}

    private final Deque<Waiting> waiting = new ArrayDeque<>(); // guarded by this, as is left
    private int left;

    /** @param most how many boot at a time; at least 1 */
    public BootTurns(int most) {
        left = Math.max(1, most);
    }

    /** Has this run on its loop as soon as it is its turn, which lasts until {@link #give}. */
    void take(EventLoop loop, Runnable begin) {
        synchronized (this) {
            if (left == 0) {
                waiting.add(new Waiting(loop, begin));
                return;
            }
            left--;
        }
        loop.execute(begin);
    }

    /** A turn is over. */
    void give() {
        Waiting next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                left++;
                return;
            }
        }
        next.loop().execute(next.begin());
    }
}
