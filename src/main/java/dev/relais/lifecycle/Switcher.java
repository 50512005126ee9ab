package dev.relais.lifecycle;

import dev.relais.Phase;
import dev.relais.events.Events;
import dev.relais.events.GenerationEvent;
import dev.relais.functions.CodeChanges;
import dev.relais.worker.Generations;
import dev.relais.worker.Generations.Asked;
import dev.relais.worker.Generations.Outcome;
import dev.relais.worker.Generations.Result;
import dev.relais.worker.Generations.Status;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Accepts requests for another generation and carries them out one at a time, on the thread {@code relais-generations}.
 * Requests that come meanwhile share the next switch.
 */
@Singleton
final class Switcher {
    private static final Logger LOG = Logger.getLogger(Switcher.class);

    private final Generations generations;
    private final CodeChanges changes;
    private final Phase phase;
    private final Steps steps;
    private final Events events;
    private final Clock clock;
    private final LongSupplier nanos;
    // The following fields are guarded by this:
    private @Nullable ExecutorService thread; // null: not started
    private final List<Task> early = new ArrayList<>(); // until then
    private @Nullable Wish next; // null for none
    private @Nullable Wish current; // the one that is being carried out; null for none
    private int lastNumber = 1;

    /** What is done between switches. */
    interface Task {
        /** @param numbers gives one to each generation that it begins, which no other one has */
        void run(IntSupplier numbers) throws InterruptedException;
    }

    /** @param asked whether it was asked for, and not only caused by changed functions */
    private record Wish(int number, String reason, boolean asked, CompletableFuture<Outcome> outcome) {
        void breakOff() {
            outcome.completeExceptionally(new CancellationException("the gateway stops"));
        }
    }

    @Inject
    Switcher(Generations generations, CodeChanges changes, Phase phase, Steps steps, Events events) {
        this(generations, changes, phase, steps, events, Clock.systemUTC(), System::nanoTime);
    }

    /** @param nanos as {@link System#nanoTime} */
    Switcher(
            Generations generations,
            CodeChanges changes,
            Phase phase,
            Steps steps,
            Events events,
            Clock clock,
            LongSupplier nanos) {
        this.generations = generations;
        this.changes = changes;
        this.phase = phase;
        this.steps = steps;
        this.clock = clock;
        this.nanos = nanos;
        this.events = events;
    }

    /**
     * Accepts requests from now on, and warms the first generation up. Blocks.
     *
     * @param compile whether all scripts are compiled
     */
    void start(boolean compile) {
        Future<String> first = begin(compile);
        changes.onChanged(() -> ask("the functions have changed", false));
        generations.onAsk(reason -> ask(reason, true));
        if (changes.haveChanged()) {
            ask("the functions have changed", false); // while nobody listened
        }
        try {
            String problem = first.get();
            if (problem != null) {
                events.add(new GenerationEvent.WarmUpFailed(1, problem));
            }
            if (compile && problem == null && steps.learnsFirst()) {
                ask("what the warm-up calls have used is to be preloaded", true);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private synchronized Future<String> begin(boolean compile) {
        ExecutorService begun = Executors.newSingleThreadExecutor(task -> {
            Thread made = new Thread(task, "relais-generations");
            made.setDaemon(true);
            return made;
        });
        thread = begun;
        Future<String> first = begun.submit(() -> steps.warmFirst(compile));
        for (Task task : early) {
            begun.execute(() -> carryOut(task));
        }
        early.clear();
        return first;
    }

    /** Accepts no more requests, and aborts a running switch. Called before the workers stop; may be called twice. */
    synchronized void stop() {
        generations.onAsk(null);
        changes.onChanged(() -> {});
        if (thread != null) {
            thread.shutdownNow();
            if (current != null) {
                current.breakOff();
            }
            if (next != null) {
                next.breakOff();
                next = null;
            }
        }
    }

    private synchronized @Nullable Asked ask(String reason, boolean asked) {
        if (phase.isDraining() || thread == null || thread.isShutdown()) {
            return null;
        }
        if (next == null) {
            next = new Wish(++lastNumber, reason, asked, new CompletableFuture<>());
            thread.execute(this::fulfil);
        } else if (asked && !next.asked()) {
            next = new Wish(next.number(), reason, true, next.outcome());
        }
        return new Asked(next.number(), next.outcome());
    }

    /** Has this done when no switch runs, unless the gateway stops. Returns at once; any thread. */
    synchronized void run(Task task) {
        if (thread == null) {
            early.add(task);
        } else if (!phase.isDraining() && !thread.isShutdown()) {
            thread.execute(() -> carryOut(task));
        }
    }

    private void carryOut(Task task) {
        try {
            task.run(this::nextNumber);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the gateway stops
        } catch (RuntimeException e) {
            LOG.error("What was to be done between switches has failed", e);
        }
    }

    private synchronized int nextNumber() {
        return ++lastNumber;
    }

    /** @return null when there is nothing to do, because the switch before has already included the change */
    private synchronized @Nullable Wish take() {
        current = next;
        next = null;
        if (current != null && !current.asked() && !changes.haveChanged()) {
            if (lastNumber == current.number()) {
                lastNumber--; // it was not published, and no later one was given
            }
            current = null;
        }
        return current;
    }

    private void fulfil() {
        Wish wish = take();
        if (wish == null) {
            return;
        }
        try {
            fulfil(wish);
        } catch (InterruptedException e) {
            wish.breakOff();
        } catch (Throwable e) { // even an Error, so that callers get a result and only one generation is left
            if (isStopped()) {
                wish.breakOff();
            } else {
                LOG.error("Switch of generations failed", e);
                events.add(new GenerationEvent.Refused(
                        wish.number(), generations.status().number(), "internal: " + e));
                finish(wish, Result.FAILED, "internal: " + e);
                steps.endOthers();
            }
        }
    }

    private synchronized boolean isStopped() {
        return thread == null || thread.isShutdown();
    }

    private void fulfil(Wish wish) throws InterruptedException {
        long began = nanos.getAsLong();
        events.add(new GenerationEvent.Started(wish.number(), wish.reason()));
        try {
            Steps.Former former = steps.takeOver(wish.number());
            long millis = TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - began);
            events.add(new GenerationEvent.Switched(wish.number(), former.number(), millis));
            finish(wish, Result.SWITCHED, null);
            int ended = former.retire();
            generations.publish(generations.status().drained(ended));
        } catch (SwitchProblem e) {
            events.add(new GenerationEvent.Refused(
                    wish.number(), generations.status().number(), e.getMessage()));
            finish(wish, e.result(), e.getMessage());
        }
    }

    private void finish(Wish wish, Result result, @Nullable String problem) {
        Status before = generations.status();
        generations.publish(
                result == Result.SWITCHED
                        ? before.switchedTo(wish.number(), clock.instant())
                        : before.without(result, problem));
        wish.outcome().complete(new Outcome(wish.number(), result, problem));
    }
}
