package dev.relais.functions;

import dev.relais.ConfigurationProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How many children functions and sites reserve, in each pool and outside of all: one is always left for those that reserve none. */
final class Reservations {
    private Reservations() {}

    /**
     * @param shown the path of {@code functions.yaml} as messages name it
     * @param reservable how many may be reserved outside of all pools
     * @throws ConfigurationProblem when too many are reserved
     */
    static void check(
            String shown, Map<String, FunctionSettings> functions, Map<String, SiteSettings> sites, int reservable) {
        List<FunctionSettings> all = new ArrayList<>(functions.values());
        sites.values().forEach(site -> all.add(site.settings()));
        long outside = 0;
        Map<String, Long> inPools = new TreeMap<>();
        for (FunctionSettings one : all) {
            PoolSettings pool = one.pool();
            long reserved = one.limits().reserved();
            if (pool == null) {
                outside += reserved;
            } else if (inPools.merge(pool.name(), reserved, Long::sum) > pool.children() - 1) {
                throw problem(
                        shown + ": reserved",
                        inPools.get(pool.name()) + " in the pool " + pool.name(),
                        pool.children() - 1,
                        pool.key("children"));
            }
        }
        if (outside > reservable) {
            throw problem(shown + ": reserved", outside + " in all", reservable, "relais.workers.children");
        }
    }

    private static ConfigurationProblem problem(String key, String value, int most, String children) {
        return new ConfigurationProblem(
                key,
                value,
                "one child at least must be left for the others",
                "reserve " + most + " at most, or raise " + children);
    }
}
