package dev.relais.worker;

import dev.relais.slot.Notice;
import dev.relais.slot.Worker;
import dev.relais.slot.WorkerCounters;
import dev.relais.slot.WorkerLauncher;
import jakarta.inject.Singleton;
import java.util.Set;

/** Tells the workers of all groups what code has changed on the disk, before they serve another request. */
@Singleton
public class CodeNews {
    private final WorkerGroups groups;
    private long served; // of hasServed alone

    CodeNews(WorkerGroups groups) {
        this.groups = groups;
    }

    /** Whether the workers look at the disk seldom, and so have to be told; false while the group does not run. Any thread. */
    public boolean isWanted() {
        for (WorkerGroup group : groups.all()) {
            Generation serving = group.serving();
            if (serving != null && serving.launcher().wantsNotices()) {
                return true;
            }
        }
        return false;
    }

    /** Tells all workers, also those of a generation that starts: see {@link WorkerLauncher#notice}. Any thread. */
    public void tell(Set<String> changed, Set<String> doubtful, boolean all) {
        for (WorkerGroup group : groups.all()) {
            tell(group, changed, doubtful, all);
        }
    }

    private static void tell(WorkerGroup group, Set<String> changed, Set<String> doubtful, boolean all) {
        // In this order: one that takes over meanwhile is told twice, and never not at all.
        for (Generation other : group.others()) {
            tell(other, changed, doubtful, all);
        }
        Generation serving = group.serving();
        if (serving != null) {
            tell(serving, changed, doubtful, all);
        }
    }

    private static void tell(Generation generation, Set<String> changed, Set<String> doubtful, boolean all) {
        if (!generation.launcher().wantsNotices()) {
            return; // they look for themselves, or another generation comes
        }
        Notice notice = generation.launcher().notice(changed, doubtful, all);
        for (Worker worker : generation.workers()) {
            worker.tell(notice);
        }
    }

    /** Whether an exchange has begun or ended since this was asked last. For one thread. */
    public boolean hasServed() {
        long sum = 0;
        for (WorkerGroup group : groups.all()) {
            for (Worker worker : group.workers()) {
                sum += WorkerCounters.of(worker, 0).exchanges() + worker.used();
            }
        }
        boolean more = sum != served;
        served = sum;
        return more;
    }
}
