package dev.relais.console;

import dev.relais.balancer.WorkerState;
import dev.relais.console.Bottleneck.Kind;
import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.PhpFunction;
import dev.relais.slot.ChildState;
import dev.relais.slot.SlotStatus;
import dev.relais.telemetry.Activity;
import dev.relais.telemetry.Snapshot;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the {@link Signs} from a snapshot. Pure. */
final class SignsReader {
    /** Over how many seconds waits and refusals are seen, so that one moment alone is no bottleneck. */
    private static final int SECONDS = 5;

    private static final double FAILING = 0.05;

    private SignsReader() {}

    /** @param system what {@code /q/relais/system} has found last; null for nothing */
    static Signs of(Snapshot now, Activity activity, FunctionRegistry functions, @Nullable JsonObject system) {
        return new Signs(
                now.draining(),
                load(now, activity),
                children(now),
                busiest(now, activity),
                limited(activity, functions),
                troubles(now, activity, system));
    }

    private static Signs.Load load(Snapshot now, Activity activity) {
        List<Activity.Moment> history = activity.history();
        List<Activity.Moment> last = history.subList(Math.max(0, history.size() - SECONDS), history.size());
        double wait = 0;
        double refused = 0;
        for (Activity.Moment moment : last) {
            wait += Math.max(0, moment.waited()) / last.size();
            refused += moment.refused() / last.size();
        }
        return new Signs.Load(
                now.load().values().application(),
                now.load().values().cpu(),
                now.load().values().memory(),
                now.queue().length(),
                now.queue().capacity(),
                wait,
                refused);
    }

    private static Signs.Children children(Snapshot now) {
        int all = 0;
        int ready = 0;
        int stuck = 0;
        long longest = -1;
        String function = "";
        for (Snapshot.Worker worker : now.workers()) {
            for (SlotStatus slot : worker.slots()) {
                all++;
                ready += slot.state() == ChildState.STARTING ? 0 : 1;
                if (StuckRule.isStuck(slot)) {
                    stuck++;
                    if (slot.runningMillis() > longest) {
                        longest = slot.runningMillis();
                        function = String.valueOf(slot.function());
                    }
                }
            }
        }
        return new Signs.Children(all, ready, stuck, function, longest / 1_000);
    }

    private static Signs.@Nullable Busiest busiest(Snapshot now, Activity activity) {
        Map<String, Integer> held = new HashMap<>();
        Map<String, Long> ages = new HashMap<>();
        String most = null;
        for (Snapshot.Worker worker : now.workers()) {
            for (SlotStatus slot : worker.slots()) {
                String function = slot.function();
                if (function != null) {
                    int children = held.merge(function, 1, Integer::sum);
                    ages.merge(function, slot.runningMillis(), Math::max);
                    most = most == null || children > held.getOrDefault(most, 0) ? function : most;
                }
            }
        }
        if (most == null) {
            return null;
        }
        double usual = -1;
        for (Activity.Function function : activity.functions()) {
            usual = function.name().equals(most) ? function.p50() : usual;
        }
        double millis = usual > 0 ? usual : ages.getOrDefault(most, 0L);
        return new Signs.Busiest(most, held.getOrDefault(most, 0), millis);
    }

    private static Signs.@Nullable Limited limited(Activity activity, FunctionRegistry functions) {
        Signs.Limited found = null;
        for (Activity.Function active : activity.functions()) {
            PhpFunction function = functions.get(active.name());
            int most = function == null
                    ? Integer.MAX_VALUE
                    : function.settings().limits().concurrency();
            if (active.waiting() > (found == null ? 0 : found.waiting()) && active.running() >= most) {
                found = new Signs.Limited(active.name(), most, active.waiting());
            }
        }
        return found;
    }

    private static List<Bottleneck> troubles(Snapshot now, Activity activity, @Nullable JsonObject system) {
        List<Bottleneck> troubles = new ArrayList<>();
        for (Snapshot.Worker worker : now.workers()) {
            add(worker, troubles);
        }
        for (Snapshot.Pool pool : now.pools()) {
            pool.workers().forEach(worker -> add(worker, troubles));
        }
        for (Snapshot.Poisoned poisoned : now.poisoned()) {
            troubles.add(new Bottleneck(
                    Kind.FAILURES,
                    "The function " + poisoned.function()
                            + " is refused, because it has killed the PHP processes that ran it.",
                    "Mend its script; Relais tries it again by itself."));
        }
        for (Activity.Function function : activity.functions()) {
            if (function.failed() > FAILING * function.rate()) {
                troubles.add(new Bottleneck(
                        Kind.FAILURES,
                        "The function " + function.name() + " fails: " + Bottleneck.decimal(function.failed())
                                + " of its " + Bottleneck.decimal(function.rate())
                                + " requests a second are answered with a 5xx.",
                        "See the last errors below for what PHP says."));
            }
        }
        String code = now.generation().problem() == null
                ? now.functions().problem()
                : now.generation().problem();
        if (code != null) {
            troubles.add(new Bottleneck(
                    Kind.CODE,
                    "The code on the disk is not what is served: " + code.replaceFirst("\\.$", "") + ".",
                    "Mend what is named, then reload."));
        }
        addHost(system, troubles);
        return troubles;
    }

    private static void add(Snapshot.Worker worker, List<Bottleneck> troubles) {
        if (worker.state() != WorkerState.NORMAL) {
            troubles.add(
                    new Bottleneck(
                            Kind.SLOW_WORKER,
                            "Worker " + worker.id() + " is "
                                    + worker.state().name().toLowerCase(Locale.ROOT)
                                    + ", because it is slower or fails more than the others (score "
                                    + Bottleneck.decimal(worker.score()) + ").",
                            "Look at what its children run; Relais tries it with single requests and takes it back by itself."));
        }
        if (worker.lost() > 0 || worker.problem() != null) {
            troubles.add(new Bottleneck(
                    Kind.NO_CHILD,
                    "Worker " + worker.id() + " lacks " + Bottleneck.number(worker.lost(), "child", "children")
                            + (worker.problem() == null
                                    ? ""
                                    : ": " + worker.problem().replaceFirst("\\.$", "")) + ".",
                    "See the events below; Relais starts them anew."));
        }
    }

    private static void addHost(@Nullable JsonObject system, List<Bottleneck> troubles) {
        if (system == null) {
            return;
        }
        for (Object one : system.getJsonArray("checks")) {
            JsonObject check = (JsonObject) one;
            if (!check.getString("verdict").equals("ok")) {
                troubles.add(new Bottleneck(
                        Kind.HOST,
                        "Nothing holds requests back now, but the host may: " + check.getString("name") + " is "
                                + check.getString("value") + ".",
                        check.getString("remedy")));
            }
        }
    }
}
