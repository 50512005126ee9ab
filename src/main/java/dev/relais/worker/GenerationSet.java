package dev.relais.worker;

import dev.relais.slot.Worker;
import dev.relais.slot.WorkerCounters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The generations that have processes, at one moment. Immutable.
 *
 * @param serving the generation whose workers are ranked
 * @param all the generation that serves, and those that start or drain
 * @param past the counters of workers of ended generations, by place
 */
record GenerationSet(Generation serving, List<Generation> all, List<WorkerCounters> past) {
    static GenerationSet of(Generation first) {
        return new GenerationSet(
                first, List.of(first), Collections.nCopies(first.workers().size(), WorkerCounters.NONE));
    }

    List<Generation> others() {
        List<Generation> others = new ArrayList<>(all);
        others.remove(serving);
        return others;
    }

    GenerationSet with(Generation coming) {
        List<Generation> more = new ArrayList<>(all);
        more.add(coming);
        return new GenerationSet(serving, List.copyOf(more), past);
    }

    GenerationSet serving(Generation other) {
        return new GenerationSet(other, all, past);
    }

    /** The set without a generation that has ended, whose counters are kept. */
    GenerationSet without(Generation ended) {
        if (!all.contains(ended)) {
            return this;
        }
        List<Generation> rest = new ArrayList<>(all);
        rest.remove(ended);
        List<WorkerCounters> sums = new ArrayList<>();
        for (int place = 0; place < past.size(); place++) {
            sums.add(past.get(place).plus(counters(ended, place)));
        }
        return new GenerationSet(serving, List.copyOf(rest), List.copyOf(sums));
    }

    WorkerCounters counters(int place) {
        WorkerCounters sum = past.get(place);
        for (Generation generation : all) {
            sum = sum.plus(counters(generation, place));
        }
        return sum;
    }

    private static WorkerCounters counters(Generation generation, int place) {
        Worker worker = generation.workers().get(place);
        return WorkerCounters.of(worker, generation.restarts(place));
    }

    /** The supervision of a worker; null when no generation has this worker. */
    @Nullable
    Supervision supervision(Worker worker) {
        for (Generation generation : all) {
            Supervision found = generation.supervision(worker);
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
