package dev.relais.simulation;

import dev.relais.balancer.Knobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs all scenarios and writes {@code tables.md} and the numbers of the charts into the directory that is its only argument. */
public final class Simulate {
    private static final double[] AGES = {0.1, 1, 5};

    private static final Logger PRODUCT = Logger.getLogger("dev.relais"); // kept, so that its level is

    private final Path directory;
    private final Study study;
    private final Tables tables = new Tables();

    private Simulate(Path directory, Study study) {
        this.directory = directory;
        this.study = study;
    }

    public static void main(String[] args) throws Exception {
        PRODUCT.setLevel(Level.OFF); // it tells of each worker that is held back
        long start = System.nanoTime();
        Path directory = Files.createDirectories(Path.of(args[0]));
        try (Study study = new Study()) {
            Simulate simulate = new Simulate(directory, study);
            simulate.tables.say(
                    "# Simulation: tables%n%n`src/bench/simulate`, %s, Java %s, seed %d. What the words mean and what"
                            + " follows from it: [simulation.md](../simulation.md).%n",
                    LocalDate.now(), Runtime.version(), Study.SEED);
            simulate.gatewayQueue();
            simulate.workerQueues();
            simulate.byTurns();
            simulate.patience();
            simulate.bad();
            simulate.tolerance();
            simulate.probes();
            Files.writeString(directory.resolve("tables.md"), simulate.tables.toString());
        }
        System.out.printf("%.0f s%n", (System.nanoTime() - start) / 1e9);
    }

    private void gatewayQueue() throws Exception {
        List<Scenario> equal = new ArrayList<>();
        List<Scenario> unequal = new ArrayList<>();
        for (int workers : new int[] {2, 8, 100, 1_000, 10_000}) {
            for (double age : AGES) {
                unequal.add(Scenario.equal(workers, age, true).unequal());
                if (workers < 10_000 || age == 1) {
                    equal.add(Scenario.equal(workers, age, true));
                }
            }
        }
        compare("One queue at the gateway, equal workers", equal);
        Map<String, List<Outcome>> outcomes =
                compare("One queue at the gateway, one worker in eight ten times slower", unequal);
        List<String> steps = List.of("2", "8", "100", "1,000", "10,000");
        int[] rows = {1, 4, 7, 10, 13}; // samples of one second
        chart("gateway-queue", steps, rows, outcomes);
    }

    private void workerQueues() throws Exception {
        List<Scenario> equal = new ArrayList<>();
        List<Scenario> unequal = new ArrayList<>();
        for (int workers : new int[] {2, 8, 100}) {
            for (double age : AGES) {
                equal.add(Scenario.equal(workers, age, false));
                unequal.add(Scenario.equal(workers, age, false).unequal());
            }
        }
        Map<String, List<Outcome>> outcomes = compare("A queue behind each worker, equal workers", equal);
        compare("A queue behind each worker, one worker in eight ten times slower", unequal);
        List<String> steps = List.of("0.1 s", "1 s", "5 s");
        chart("worker-queues", steps, new int[] {3, 4, 5}, outcomes);
    }

    private void byTurns() throws Exception {
        List<Scenario> turning = new ArrayList<>();
        for (int workers : new int[] {2, 8}) {
            for (double age : AGES) {
                turning.add(Scenario.equal(workers, age, true).slow(1, 10, 10));
            }
        }
        compare("One queue at the gateway, one worker ten times slower for 10 s in every 20 s", turning);
    }

    private void patience() throws Exception {
        List<Scenario> loads = new ArrayList<>();
        for (double load : new double[] {0.6, 0.8, 0.9, 0.95}) {
            loads.add(Scenario.equal(8, 1, true).slow(1, 4, 0).load(load));
        }
        double[] patience = {0, 0.25, 0.5, 1, 2, 4};
        Map<String, List<Outcome>> waits =
                vary("patience", "8 workers, one 4 times slower, by load", patience, Knobs.OURS::patience, loads);
        chartLoads(patience, waits);
        List<Scenario> two = new ArrayList<>();
        for (double factor : new double[] {2.5, 4, 10}) {
            two.add(Scenario.equal(2, 1, true).slow(1, factor, 0).load(0.9));
        }
        vary(
                "patience",
                "2 workers, one slow, load 0.9",
                new double[] {0, 0.25, 0.5, 1, 2, 4, 1e9},
                Knobs.OURS::patience,
                two);
    }

    private void bad() throws Exception {
        List<Scenario> factors = new ArrayList<>();
        for (double load : new double[] {0.8, 0.95}) {
            for (double factor : new double[] {1.5, 2, 3, 5, 10}) {
                factors.add(Scenario.equal(8, 1, true).slow(1, factor, 0).load(load));
            }
        }
        double[] held = {1.25, 1.5, 2, 3, 5, Double.POSITIVE_INFINITY};
        vary("bad", "8 workers, one slow", held, Knobs.OURS::bad, factors);
    }

    private void tolerance() throws Exception {
        List<Scenario> bands = new ArrayList<>();
        for (double age : new double[] {0.1, 1}) {
            for (double factor : new double[] {1, 1.5, 2}) {
                bands.add(Scenario.equal(8, age, false).slow(factor == 1 ? 0 : 1, factor, 0));
            }
        }
        double[] tolerance = {1.05, 1.1, 1.25, 1.5, 2, 3};
        vary(
                "tolerance",
                "8 workers, a queue behind each, where it matters most",
                tolerance,
                Knobs.OURS::tolerance,
                bands);
    }

    private void probes() throws Exception {
        List<Scenario> probed = new ArrayList<>();
        for (int workers : new int[] {2, 8}) {
            for (double age : AGES) {
                probed.add(Scenario.equal(workers, age, true).slow(1, 10, 0));
            }
        }
        Map<String, IntFunction<Rule>> probes = new LinkedHashMap<>();
        for (int share : new int[] {50, 500, 2_000}) {
            probes.put("one in " + share + ", a second apart", n -> new Ours(n, Knobs.OURS.probes(1, share)));
            probes.put("one in " + share + ", 0.1 s apart", n -> new Ours(n, Knobs.OURS.probes(0.1, share)));
        }
        tables.add(
                "Probes: one queue at the gateway, one worker ten times slower",
                labels(probed),
                study.compare(probes, probed));
    }

    private Map<String, List<Outcome>> vary(
            String knob, String what, double[] values, Function<Double, Knobs> knobs, List<Scenario> scenarios)
            throws Exception {
        Map<String, IntFunction<Rule>> rules = new LinkedHashMap<>();
        for (double value : values) {
            Knobs turned = knobs.apply(value);
            rules.put(value >= 1e9 ? "never" : knob + " " + number(value), workers -> new Ours(workers, turned));
        }
        Map<String, List<Outcome>> outcomes = study.compare(rules, scenarios);
        tables.add(knob + ": " + what, labels(scenarios), outcomes);
        return outcomes;
    }

    private Map<String, List<Outcome>> compare(String title, List<Scenario> scenarios) throws Exception {
        Map<String, List<Outcome>> outcomes = study.compare(Study.RULES, scenarios);
        tables.add(title, labels(scenarios), outcomes);
        System.out.println(title);
        return outcomes;
    }

    private static List<String> labels(List<Scenario> scenarios) {
        return scenarios.stream()
                .map(one -> String.format(
                        "%d workers, %s s old%s%s",
                        one.workers(),
                        number(one.sampleAge()),
                        one.slow() == 0 ? "" : ", " + one.slow() + " slow x" + number(one.factor()),
                        one.load() == 0.8 ? "" : ", load " + number(one.load())))
                .toList();
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }

    private void chart(String name, List<String> steps, int[] rows, Map<String, List<Outcome>> outcomes)
            throws IOException {
        Map<String, List<Outcome>> curves = new LinkedHashMap<>();
        outcomes.forEach((rule, ofRule) -> {
            List<Outcome> curve = new ArrayList<>();
            for (int row : rows) {
                curve.add(ofRule.get(row));
            }
            curves.put(rule, curve);
        });
        Curves.write(directory.resolve(name + ".csv"), steps, curves);
    }

    /** The same the other way round: a line for each load, a step for each patience. */
    private void chartLoads(double[] patience, Map<String, List<Outcome>> outcomes) throws IOException {
        List<String> steps = new ArrayList<>();
        for (double value : patience) {
            steps.add(number(value));
        }
        Map<String, List<Outcome>> byLoad = new LinkedHashMap<>();
        String[] loads = {"load 0.6", "load 0.8", "load 0.9", "load 0.95"};
        int[] rows = new int[patience.length];
        for (int load = 0; load < loads.length; load++) {
            List<Outcome> line = new ArrayList<>();
            for (List<Outcome> ofPatience : outcomes.values()) {
                line.add(ofPatience.get(load));
            }
            byLoad.put(loads[load], line);
        }
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i;
        }
        chart("hold-back", steps, rows, byLoad);
    }
}
