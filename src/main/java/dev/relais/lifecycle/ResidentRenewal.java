package dev.relais.lifecycle;

import dev.relais.LogText;
import dev.relais.functions.CodeChange;
import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.Functions;
import dev.relais.functions.PhpFunction;
import dev.relais.functions.ResidentPlace;
import dev.relais.system.CgroupMemory;
import dev.relais.worker.Generation;
import dev.relais.worker.WorkersConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Puts changed code of resident functions in force where each file comes into force by itself: another generation of the function's processes
 * boots the changed code beside those that serve, takes over, and the former ones end after what they run. So no answer is made of two
 * versions, and while the changed code does not boot, the former serves.
 */
@Singleton
final class ResidentRenewal {
    private static final Logger LOG = Logger.getLogger(ResidentRenewal.class);

    /** For how many steps of {@link Pauses} further changes are gathered. */
    private static final int QUIET_STEPS = 8;
    /** How many former generations may run what they have begun; a switch of all has place for one more. */
    private static final int MOST_DRAINING = 2;
    /** How many boots in a row may be passed over because code changed meanwhile. */
    private static final int MOST_PASSED_OVER = 3;
    /** Why a boot is passed over; another one is due. */
    private static final String CHANGED_AGAIN = "its code changed while it booted";
    /** The longest pause between two boots of code that does not boot. */
    private static final long LONGEST_PAUSE_SECONDS = 60;
    /** A first look at all files that takes long tells that any may have changed, and tells it again. */
    private static final long FIRST_LOOK_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** How long one look at a generation that leaves takes. */
    private static final Duration LOOK = Duration.ofMillis(100);

    /**
     * Changed code that is not in force.
     *
     * @param inRow how often it was tried
     * @param reason that was told
     */
    private record Failure(int inRow, String reason) {}

    private final PoolKeeper keeper;
    private final Functions functions;
    private final Switcher switcher;
    private final Duration startTimeout;
    private final Duration drainTimeout;
    private final Pauses pauses;
    private final Set<String> due = new TreeSet<>(); // names of pools; guarded by this
    private final Supplier<CgroupMemory.@Nullable Room> room = CgroupMemory.ofThisProcess()::room;
    private final Map<String, ResidentPlace> places = new ConcurrentHashMap<>(); // by names of pools
    private final Map<String, Failure> failures = new ConcurrentHashMap<>(); // by names of pools
    private final Map<String, Integer> passedOver = new ConcurrentHashMap<>(); // boots in a row, by names of pools
    private volatile long followedNanos; // when changes began to be followed
    private volatile Consumer<String> onRenewed = function -> {};

    @Inject
    ResidentRenewal(
            PoolKeeper keeper,
            Functions functions,
            Switcher switcher,
            WorkersConfig workers,
            GenerationsConfig generations) {
        this.keeper = keeper;
        this.functions = functions;
        this.switcher = switcher;
        this.startTimeout = workers.startTimeout();
        this.drainTimeout = generations.drainTimeout();
        this.pauses = Pauses.REAL;
        this.followedNanos = pauses.nanos();
    }

    /** Sets who is told the name of each function whose changed code is in force. */
    void onRenewed(Consumer<String> listener) {
        onRenewed = listener;
    }

    /** Changes are told from now on. With many functions their processes may have taken long to start. */
    void follows() {
        followedNanos = pauses.nanos();
    }

    /** Something has changed on the disk. Returns at once; any thread. */
    void changed(CodeChange change) {
        if (change.all() && change.changed().isEmpty() && pauses.nanos() - followedNanos < FIRST_LOOK_NANOS) {
            return; // the children have booted while all files were looked at for the first time
        }
        FunctionRegistry registry = functions.current();
        registry.pools().forEach((name, pool) -> {
            PhpFunction function = registry.resident(pool);
            if (function != null && function.resident() != null && concerns(change, function.resident())) {
                ask(name);
            }
        });
    }

    /** Whether some of these functions are resident. */
    static boolean isWanted(FunctionRegistry registry) {
        return registry.pools().values().stream().anyMatch(pool -> pool.resident() != null);
    }

    /** Other functions are in force: an application may be at another place now, as when a symlink leads to another release. Any thread. */
    void placesMayHaveChanged(FunctionRegistry registry) {
        registry.pools().forEach((name, pool) -> {
            PhpFunction function = registry.resident(pool);
            ResidentPlace place = function == null ? null : function.resident();
            ResidentPlace before = place == null ? places.remove(name) : places.put(name, place);
            if (place != null && before != null && !before.equals(place)) {
                ask(name);
            }
        });
    }

    private static boolean concerns(CodeChange change, ResidentPlace place) {
        if (change.all()) {
            return true;
        }
        for (String path : change.changed()) {
            if (place.isCode(Path.of(path))) {
                return true;
            }
        }
        return false;
    }

    private void ask(String pool) {
        boolean first;
        synchronized (this) {
            first = due.add(pool);
        }
        if (first) {
            switcher.run(numbers -> renew(pool, numbers));
        }
    }

    private void renew(String pool, IntSupplier numbers) throws InterruptedException {
        for (int steps = 0; steps < QUIET_STEPS; steps++) {
            pauses.step(); // what changes together is noticed in pieces
        }
        synchronized (this) {
            due.remove(pool); // what changes from now on needs another one
        }
        PoolKeeper.Part former = keeper.serving(pool);
        FunctionRegistry registry = functions.current();
        PhpFunction function = former == null || former.workers().settings().resident() == null
                ? null
                : registry.resident(former.workers().settings());
        if (former == null || function == null) {
            failures.remove(pool);
            return;
        }
        int number = numbers.getAsInt();
        String problem = takeOver(former, number, registry);
        if (CHANGED_AGAIN.equals(problem)) {
            passedOver.merge(pool, 1, Integer::sum);
            LOG.infof(
                    "Code of a resident function has changed while it booted, it boots anew: function=%s",
                    LogText.value(function.name()));
        } else if (problem == null) {
            passedOver.remove(pool);
            failures.remove(pool);
            onRenewed.accept(function.name());
            LOG.infof(
                    "Changed code of a resident function is in force: function=%s generation=%d",
                    LogText.value(function.name()), number);
            former.generation().leave();
            long deadline = pauses.nanos() + drainTimeout.toNanos();
            switcher.run(ignored -> endOnceDrained(former, deadline));
        } else {
            tell(pool, function, problem);
        }
    }

    /** Logs why changed code is not in force, once for each reason, and tries again later. */
    private void tell(String pool, PhpFunction function, String problem) {
        Failure before = failures.get(pool);
        Failure now = new Failure(before == null ? 1 : before.inRow() + 1, problem);
        failures.put(pool, now);
        if (before == null || !before.reason().equals(problem)) {
            LOG.errorf(
                    "Changed code of a resident function is not in force, the former serves on: function=%s cause=%s",
                    LogText.value(function.name()), LogText.value(problem));
        }
        long seconds = Math.min(LONGEST_PAUSE_SECONDS, 1L << Math.min(now.inRow() - 1, 10));
        CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS).execute(() -> {
            if (failures.get(pool) == now) {
                ask(pool);
            }
        });
    }

    /** @return why the former generation goes on serving; null when it does not */
    private @Nullable String takeOver(PoolKeeper.Part former, int number, FunctionRegistry registry)
            throws InterruptedException {
        if (former.workers().group().others().size() >= MOST_DRAINING) {
            return "requests still run on the " + MOST_DRAINING + " versions before the one that serves";
        }
        PoolKeeper.Part next = null;
        boolean serves = false;
        try {
            MemoryCheck.check(room.get(), former.workers().group().memoryBytes(former.generation()));
            next = keeper.beginAnew(former, number, registry);
            Generation coming = next.generation();
            pauses.await(() -> coming.isWhole() || coming.failure() != null, startTimeout);
            String cause = coming.failure();
            if (cause == null && hasChangedAgain(former.workers().settings().name())) {
                return CHANGED_AGAIN;
            }
            if (cause == null && coming.remaining() > 0) { // where boots take long, the others follow
                next.workers().serve(coming, null);
                serves = true;
                return null;
            }
            return cause == null ? "it has not booted within relais.workers.start-timeout" : cause;
        } catch (SwitchProblem e) {
            return String.valueOf(e.getMessage());
        } catch (IOException | IllegalStateException e) {
            return e.toString();
        } finally {
            if (next != null && !serves) {
                keeper.endFormer(next);
            }
        }
    }

    /**
     * Whether code has changed since this boot began, which may have read one file before and another one after that: the next boot is
     * due already. Where something changes all the time, one of a few boots serves all the same.
     */
    private boolean hasChangedAgain(String pool) {
        synchronized (this) {
            return due.contains(pool) && passedOver.getOrDefault(pool, 0) < MOST_PASSED_OVER;
        }
    }

    /** What still runs on the former generation keeps no other change from coming in force. */
    private void endOnceDrained(PoolKeeper.Part former, long deadline) throws InterruptedException {
        if (pauses.await(former.generation()::isDrained, LOOK) || pauses.nanos() - deadline > 0) {
            if (former.workers().group().others().contains(former.generation())) {
                keeper.endFormer(former);
            } // else it has ended with its pool
        } else {
            switcher.run(ignored -> endOnceDrained(former, deadline));
        }
    }
}
