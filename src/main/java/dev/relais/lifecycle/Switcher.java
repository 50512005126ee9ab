package dev.relais.lifecycle;

import dev.relais.Phase;
import dev.relais.functions.Functions;
import dev.relais.worker.Generations;
import dev.relais.worker.Generations.Asked;
import dev.relais.worker.Generations.Outcome;
import dev.relais.worker.Generations.Result;
import dev.relais.worker.Generations.State;
import dev.relais.worker.Generations.Status;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Takes the wishes for another generation and fulfils them one at a time, on the thread {@code relais-generations}; wishes that come
 * meanwhile share the next switch.
 */
@Singleton
final class Switcher {
    private static final Logger LOG = Logger.getLogger(Switcher.class);

    private final Generations generations;
    private final Functions functions;
    private final Phase phase;
    private final Succession succession;
    private ExecutorService thread;
    // Guarded by this:
    private Wish next; // null: none
    private Wish current; // being fulfilled; null: none
    private int lastNumber = 1;

    /** @param asked by somebody, and not only because the functions have changed */
    private record Wish(int number, String reason, boolean asked, CompletableFuture<Outcome> outcome) {
        void breakOff() {
            outcome.completeExceptionally(new CancellationException("the gateway stops"));
        }
    }

    Switcher(Generations generations, Functions functions, Phase phase, Succession succession) {
        this.generations = generations;
        this.functions = functions;
        this.phase = phase;
        this.succession = succession;
    }

    /** Takes wishes from now on, and warms the first generation up. Blocks. @param compile whether all scripts are compiled */
    void start(boolean compile) {
        thread = Executors.newSingleThreadExecutor(task -> {
            Thread made = new Thread(task, "relais-generations");
            made.setDaemon(true);
            return made;
        });
        Future<String> first = thread.submit(() -> succession.warmFirst(compile));
        functions.onChanged(() -> ask("the functions have changed", false));
        generations.onAsk(reason -> ask(reason, true));
        try {
            String problem = first.get();
            if (problem != null) {
                LOG.errorf("generation 1 serves, but: %s", problem);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Takes no more wishes, and breaks off what is under way; before the workers stop. May be called twice. */
    synchronized void stop() {
        generations.onAsk(null);
        functions.onChanged(() -> {});
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

    private synchronized Asked ask(String reason, boolean asked) {
        if (phase.isDraining() || thread.isShutdown()) {
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

    /** @return null when there is nothing to do: the switch before has taken the change along already */
    private synchronized Wish take() {
        current = next;
        next = null;
        if (current != null && !current.asked() && !functions.haveChanged()) {
            lastNumber--; // nobody has heard of it
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
        } catch (Throwable e) { // even an Error: whoever waits is told, and the next switch finds one generation only
            if (thread.isShutdown()) {
                wish.breakOff();
            } else {
                LOG.error("a switch of generations failed", e);
                finish(wish, Result.FAILED, "internal: " + e);
                succession.endOthers();
            }
        }
    }

    private void fulfil(Wish wish) throws InterruptedException {
        long began = System.nanoTime();
        LOG.infof("generation %d: starting it, because %s", wish.number(), wish.reason());
        try {
            Succession.TakenOver over = succession.takeOver(wish.number());
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            LOG.infof("generation %d serves after %d ms; %s drains", wish.number(), millis, over.from());
            finish(wish, Result.SWITCHED, null);
            int ended = succession.retire(over.from());
            Status now = generations.status();
            generations.publish(new Status(
                    now.number(),
                    now.since(),
                    State.SERVING,
                    now.problem(),
                    now.switches(),
                    now.failures(),
                    now.refusals(),
                    now.ended() + ended));
        } catch (SwitchProblem e) {
            LOG.errorf(
                    "generation %d is given up: %s; generation %d goes on",
                    wish.number(), e.getMessage(), generations.status().number());
            finish(wish, e.result(), e.getMessage());
        }
    }

    private void finish(Wish wish, Result result, String problem) {
        Status before = generations.status();
        boolean switched = result == Result.SWITCHED;
        generations.publish(new Status(
                switched ? wish.number() : before.number(),
                switched ? Instant.now() : before.since(),
                switched ? State.DRAINING : State.SERVING,
                problem,
                before.switches() + (switched ? 1 : 0),
                before.failures() + (result == Result.FAILED ? 1 : 0),
                before.refusals() + (result == Result.REFUSED ? 1 : 0),
                before.ended()));
        wish.outcome().complete(new Outcome(wish.number(), result, problem));
    }
}
