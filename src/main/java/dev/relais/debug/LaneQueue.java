package dev.relais.debug;

import dev.relais.admission.PoisonConfig;
import dev.relais.admission.QueueConfig;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * The queue of a lane: as long for each child as people wait, and without what is for many requests.
 *
 * @param all the queue of ordinary requests
 */
record LaneQueue(QueueConfig all) implements QueueConfig {
    private static final int MOST = 64;

    @Override
    public OptionalInt capacity() {
        return OptionalInt.of(MOST);
    }

    @Override
    public Duration maxWait() {
        return all.maxWait();
    }

    @Override
    public boolean adaptiveLimit() {
        return false;
    }

    @Override
    public Duration priorityStep() {
        return all.priorityStep();
    }

    /**
     * Breakers that never open: who debugs a script that ends its process wants to run it again.
     *
     * @param all those of ordinary requests
     */
    record Breakers(PoisonConfig all) implements PoisonConfig {
        @Override
        public int threshold() {
            return 0;
        }

        @Override
        public Duration window() {
            return all.window();
        }

        @Override
        public Duration pause() {
            return all.pause();
        }

        @Override
        public Duration pauseMax() {
            return all.pauseMax();
        }
    }
}
