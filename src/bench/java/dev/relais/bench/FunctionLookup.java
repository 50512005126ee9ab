package dev.relais.bench;

import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.FunctionSettings;
import dev.relais.functions.PhpFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * From a request's path to its function. The paths come in a shuffled order, so that neither the branch predictor nor the
 * caches know the next one; every path is a string of its own, as a request's is.
 */
@State(Scope.Benchmark)
public class FunctionLookup {
    private static final String PREFIX = "/api/";
    private static final int PATHS = 1024; // a power of two

    @Param({"8", "64", "512"})
    int functions;

    /** exact: the name alone; info: with PATH_INFO behind it; unknown: no function has this name, a 404. */
    @Param({"exact", "info", "unknown"})
    String path;

    private FunctionRegistry registry;
    private final String[] paths = new String[PATHS];
    private int next;

    @Setup
    public void register() {
        FunctionSettings settings = FunctionSettings.defaults(60_000);
        List<PhpFunction> all = new ArrayList<>();
        for (int i = 0; i < functions; i++) {
            // Half of them nested; all equally long, since the look-up reads every character and the sizes are
            // compared.
            String name = (i % 2 == 0 ? "report-" : "report/") + (1000 + i);
            all.add(new PhpFunction(name, "/srv/" + name + ".php", "/srv", PREFIX + name, false, null, null, settings));
        }
        registry = FunctionRegistry.of(all);
        Random random = new Random(1);
        for (int i = 0; i < PATHS; i++) {
            String name = all.get(random.nextInt(functions)).name();
            paths[i] = PREFIX
                    + switch (path) {
                        case "exact" -> name;
                        case "info" -> name + "/items/7";
                        default -> name + "x/items/7";
                    };
            if ((registry.find(paths[i], PREFIX.length()) == null) != "unknown".equals(path)) {
                throw new IllegalStateException(paths[i]);
            }
        }
    }

    @Benchmark
    public PhpFunction find() {
        return registry.find(paths[next++ & (PATHS - 1)], PREFIX.length());
    }
}
