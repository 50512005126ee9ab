package dev.relais.console;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What holds requests back, as the console says it first: one thing at a time, the one that would help most if it were mended.
 *
 * @param sentence what it is and how that is known, in one sentence
 * @param remedy what mends it, in one sentence; empty when nothing has to be done
 */
record Bottleneck(Kind kind, String sentence, String remedy) {
    /** What it is; the console has a word for each. */
    enum Kind {
        NONE(0),
        STOPPING(1),
        NO_CHILD(2),
        CPU(2),
        CHILDREN(2),
        QUEUE(2),
        FUNCTION_LIMIT(1),
        SLOW_FUNCTION(2),
        SLOW_WORKER(1),
        STUCK(1),
        MEMORY(2),
        FAILURES(1),
        CODE(1),
        HOST(1);

        private final int weight;

        Kind(int weight) {
            this.weight = weight;
        }

        /** {@code none}, {@code warning} or {@code problem}. */
        String level() {
            return weight == 0 ? "none" : weight == 1 ? "warning" : "problem";
        }

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** From this part of the processors on they are the bottleneck: the rest is lost between the processes. */
    private static final double CPU_FULL = 0.9;

    private static final double CHILDREN_FULL = 0.95;
    private static final double MEMORY_FULL = 0.95;

    /** Requests that wait for less are not held back by anything. */
    private static final double WAIT_MILLIS = 5;

    /** A function that takes so long is slow, if it holds half of the children. */
    private static final double SLOW_MILLIS = 500;

    /** What the signs tell; never null. */
    static Bottleneck of(Signs signs) {
        if (signs.draining()) {
            return new Bottleneck(
                    Kind.STOPPING, "Relais is stopping: it answers what it has accepted, and takes nothing new.", "");
        }
        if (signs.children().ready() == 0) {
            return new Bottleneck(
                    Kind.NO_CHILD,
                    "No PHP child is ready, so no function can run.",
                    "See the events and the last errors below for why PHP does not start.");
        }
        Signs.Load load = signs.load();
        boolean held = load.refused() > 0 || load.waitMillis() >= WAIT_MILLIS || load.waiting() > 0 && isFull(load);
        Bottleneck found = held ? holding(signs) : null;
        if (found != null) {
            return found;
        }
        if (load.memory() >= MEMORY_FULL) {
            return new Bottleneck(
                    Kind.MEMORY,
                    "The memory is " + percent(load.memory()) + " full, so processes may soon be ended for want of it.",
                    "Give it more memory, or PHP fewer children (relais.workers.children).");
        }
        Signs.Children children = signs.children();
        if (children.stuck() > 0) {
            return new Bottleneck(
                    Kind.STUCK,
                    number(children.stuck(), "child seems", "children seem")
                            + (children.stuck() == 1 ? " stuck, for " : " stuck, the longest for ")
                            + children.stuckSeconds() + " s in " + children.stuckFunction() + ".",
                    "End it below, or wait for the function's time limit (timeout in functions.yaml).");
        }
        if (!signs.troubles().isEmpty()) {
            return signs.troubles().get(0);
        }
        return new Bottleneck(
                Kind.NONE,
                "Nothing holds requests back: the " + number(children.all(), "child is", "children are") + " "
                        + percent(load.busy()) + " busy" + cpu(load) + ".",
                "");
    }

    /** Why requests wait or are refused; null when nothing says so. */
    private static @Nullable Bottleneck holding(Signs signs) {
        Signs.Load load = signs.load();
        String held = held(load);
        Signs.Limited limited = signs.limited();
        if (limited != null && !isFull(load)) {
            return new Bottleneck(
                    Kind.FUNCTION_LIMIT,
                    "The function " + limited.function() + " is at its own limit of "
                            + number(limited.concurrency(), "run", "runs") + " at a time, and "
                            + number(limited.waiting(), "request waits", "requests wait") + " for it.",
                    "Raise its concurrency in functions.yaml, if its other users can bear that, or make it faster.");
        }
        if (load.cpu() >= CPU_FULL) {
            return new Bottleneck(
                    Kind.CPU,
                    "The processors are the bottleneck: " + percent(load.cpu()) + " of them is used, and " + held + ".",
                    "Add processors or another gateway, or keep answers (cache in functions.yaml);"
                            + " more children would not help.");
        }
        Bottleneck worker = signs.trouble(Kind.SLOW_WORKER);
        if (worker != null) {
            return new Bottleneck(
                    Kind.SLOW_WORKER, worker.sentence().replaceFirst("\\.$", ", and " + held + "."), worker.remedy());
        }
        Signs.Busiest busiest = signs.busiest();
        if (busiest != null && 2 * busiest.children() >= signs.children().all() && busiest.millis() >= SLOW_MILLIS) {
            return new Bottleneck(
                    Kind.SLOW_FUNCTION,
                    "The function " + busiest.function() + " holds " + busiest.children() + " of "
                            + number(signs.children().all(), "child", "children") + " for "
                            + Math.round(busiest.millis()) + " ms at a time, and " + held + ".",
                    "Make it faster, keep its answers (cache), or give it a concurrency in functions.yaml,"
                            + " so that it leaves children to the others.");
        }
        if (isFull(load)) {
            return new Bottleneck(
                    Kind.CHILDREN,
                    "The children are the bottleneck: all " + signs.children().all() + " are busy" + cpu(load)
                            + ", and " + held + ".",
                    "More children (relais.workers.children) would use the processors that are left.");
        }
        if (load.refused() > 0 || 10L * load.waiting() >= 9L * load.capacity()) {
            return new Bottleneck(
                    Kind.QUEUE,
                    "The queue is the bottleneck: " + held + ", though not all children are busy.",
                    "See relais_refusals_total for the reason; relais.queue.* and queue in functions.yaml are its limits.");
        }
        return null;
    }

    private static boolean isFull(Signs.Load load) {
        return load.busy() >= CHILDREN_FULL;
    }

    private static String held(Signs.Load load) {
        return load.refused() > 0
                ? decimal(load.refused()) + " requests a second are refused"
                : load.waiting() > 0
                        ? number(load.waiting(), "request waits", "requests wait")
                        : "requests wait " + Math.round(load.waitMillis()) + " ms for a child";
    }

    private static String cpu(Signs.Load load) {
        return load.cpu() < 0 ? "" : ", the processors " + percent(load.cpu());
    }

    static String number(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }

    private static String percent(double part) {
        return Math.round(100 * Math.min(1, part)) + " %";
    }

    static String decimal(double value) {
        return value >= 10 ? Long.toString(Math.round(value)) : String.format(Locale.ROOT, "%.1f", value);
    }
}
