package dev.relais.simulation;

import dev.relais.balancer.Knobs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Runs each scenario under each rule, as many runs at a time as there are cores. A run has one thread and one seed. */
final class Study implements AutoCloseable {
    static final long SEED = 1;

    /** The rules that are compared, made anew for so many workers. */
    static final Map<String, IntFunction<Rule>> RULES = new LinkedHashMap<>();

    static {
        RULES.put("ranking[0]", RankOnly::new);
        RULES.put("random", workers -> new RandomWorker());
        RULES.put("two choices", workers -> new TwoChoices());
        RULES.put("least busy", LeastBusy::new);
        RULES.put("ours, no hold-back", workers -> new Ours(workers, Knobs.WITHOUT_HOLD_BACK));
        RULES.put("ours", workers -> new Ours(workers, Knobs.OURS));
    }

    private final ExecutorService cores =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());

    /** The outcomes of each rule, in the order of the scenarios. */
    Map<String, List<Outcome>> compare(Map<String, IntFunction<Rule>> rules, List<Scenario> scenarios)
            throws InterruptedException, ExecutionException {
        Map<String, List<Future<Outcome>>> runs = new LinkedHashMap<>();
        rules.forEach((name, rule) -> {
            List<Future<Outcome>> ofRule = new ArrayList<>();
            for (Scenario scenario : scenarios) {
                ofRule.add(cores.submit(() -> Run.of(scenario, rule.apply(scenario.workers()), SEED)));
            }
            runs.put(name, ofRule);
        });
        Map<String, List<Outcome>> outcomes = new LinkedHashMap<>();
        for (Map.Entry<String, List<Future<Outcome>>> ofRule : runs.entrySet()) {
            List<Outcome> list = new ArrayList<>();
            for (Future<Outcome> run : ofRule.getValue()) {
                list.add(run.get());
            }
            outcomes.put(ofRule.getKey(), list);
        }
        return outcomes;
    }

    @Override
    public void close() {
        cores.shutdownNow();
    }
}
