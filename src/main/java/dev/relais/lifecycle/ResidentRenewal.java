package dev.relais.lifecycle;

import dev.relais.LogText;
import dev.relais.functions.CodeChange;
import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.Functions;
import dev.relais.functions.PhpFunction;
import dev.relais.functions.ResidentPlace;
import dev.relais.worker.Generation;
import dev.relais.worker.WorkersConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

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

    private final PoolKeeper keeper;
    private final Functions functions;
    private final Switcher switcher;
    private final Duration startTimeout;
    private final Duration drainTimeout;
    private final Pauses pauses;
    private final Set<String> due = new TreeSet<>(); // names of pools; guarded by this
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
    }

    /** Sets who is told the name of each function whose changed code is in force. */
    void onRenewed(Consumer<String> listener) {
        onRenewed = listener;
    }

    /** Something has changed on the disk. Returns at once; any thread. */
    void changed(CodeChange change) {
        FunctionRegistry registry = functions.current();
        registry.pools().forEach((name, pool) -> {
            PhpFunction function = registry.resident(pool);
            if (function != null && function.resident() != null && concerns(change, function.resident())) {
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
            switcher.run(number -> renew(pool, number));
        }
    }

    private void renew(String pool, int number) throws InterruptedException {
        for (int steps = 0; steps < QUIET_STEPS; steps++) {
            pauses.step(); // what changes together is noticed in pieces
        }
        synchronized (this) {
            due.remove(pool); // what changes from now on needs another one
        }
        PoolKeeper.Part former = keeper.serving(pool);
        FunctionRegistry registry = functions.current();
        if (former == null || former.workers().settings().resident() == null) {
            return;
        }
        PhpFunction function = registry.resident(former.workers().settings());
        if (function == null) {
            return;
        }
        PoolKeeper.Part next = null;
        boolean serves = false;
        try {
            next = keeper.beginAnew(former, number, registry);
            Generation coming = next.generation();
            boolean whole =
                    await(() -> coming.isWhole() || coming.failure() != null, startTimeout) && coming.failure() == null;
            if (whole) {
                next.workers().serve(coming, null);
                serves = true;
                onRenewed.accept(function.name());
                LOG.infof(
                        "Changed code of a resident function is in force: function=%s generation=%d",
                        LogText.value(function.name()), number);
                former.generation().leave();
                await(former.generation()::isDrained, drainTimeout);
                keeper.endFormer(former);
            } else {
                String cause = coming.failure();
                LOG.errorf(
                        "Changed code of a resident function is not in force, the former serves on: function=%s cause=%s",
                        LogText.value(function.name()),
                        LogText.value(cause == null ? "it has not booted within relais.workers.start-timeout" : cause));
            }
        } catch (IOException | IllegalStateException e) {
            LOG.errorf(
                    "Changed code of a resident function is not in force, the former serves on: function=%s cause=%s",
                    LogText.value(function.name()), LogText.value(e));
        } finally {
            if (next != null && !serves) {
                keeper.endFormer(next);
            }
        }
    }

    private boolean await(BooleanSupplier condition, Duration atMost) throws InterruptedException {
        long deadline = pauses.nanos() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (pauses.nanos() - deadline > 0) {
                return false;
            }
            pauses.step();
        }
        return true;
    }
}
