package dev.relais.admission;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Free children as a mere counter, and a list of the waiters that got one. */
final class Desk<W extends Waiter<W>> implements WaitingRoom.Slots<W> {
    private final AtomicInteger free;
    private final Consumer<W> onHand;
    final ConcurrentLinkedQueue<W> handed = new ConcurrentLinkedQueue<>();
    private boolean held;

    Desk(int free) {
        this(free, waiter -> {});
    }

    Desk(int free, Consumer<W> onHand) {
        this.free = new AtomicInteger(free);
        this.onHand = onHand;
    }

    boolean tryTake() {
        int now;
        while ((now = free.get()) > 0) {
            if (free.compareAndSet(now, now - 1)) {
                return true;
            }
        }
        return false;
    }

    void put() {
        free.incrementAndGet();
    }

    int free() {
        return free.get();
    }

    @Override
    public boolean claim(W first) {
        held = tryTake();
        return held;
    }

    @Override
    public void hand(W waiter) {
        held = false;
        handed.add(waiter);
        onHand.accept(waiter);
    }

    @Override
    public void release() {
        if (held) {
            held = false;
            put();
        }
    }
}
