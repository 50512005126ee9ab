package dev.relais.gateway;

import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.PhpFunction;
import dev.relais.functions.PoolSettings;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The states of functions. What a function was found as decides alone which state it has, and so in which pool it runs: while one pool
 * takes over from another, who has found the function before still has a state in the former one. Any thread.
 */
final class FunctionStates {
    private final Function<PhpFunction, FunctionState> maker;
    private final Map<String, FunctionState> common = new ConcurrentHashMap<>();
    private final Map<String, Map<String, FunctionState>> inPools =
            new ConcurrentHashMap<>(); // by the name of the pool

    /** @param maker makes the state of a function in the pool that it has */
    FunctionStates(Function<PhpFunction, FunctionState> maker) {
        this.maker = maker;
    }

    FunctionState of(PhpFunction function) {
        PoolSettings pool = function.settings().pool();
        Map<String, FunctionState> states =
                pool == null ? common : inPools.computeIfAbsent(pool.name(), name -> new ConcurrentHashMap<>());
        FunctionState state = states.get(function.name());
        return state != null ? state : states.computeIfAbsent(function.name(), name -> maker.apply(function));
    }

    /**
     * Removes the states that no function has any more.
     *
     * @param gone is told of each of them, with the function of its name that there is now; null for none
     */
    void retain(FunctionRegistry registry, BiConsumer<FunctionState, @Nullable PhpFunction> gone) {
        retain(null, common, registry, gone);
        Iterator<Map.Entry<String, Map<String, FunctionState>>> pools =
                inPools.entrySet().iterator();
        while (pools.hasNext()) {
            Map.Entry<String, Map<String, FunctionState>> pool = pools.next();
            retain(pool.getKey(), pool.getValue(), registry, gone);
            if (pool.getValue().isEmpty()) {
                pools.remove();
            }
        }
    }

    private static void retain(
            @Nullable String pool,
            Map<String, FunctionState> states,
            FunctionRegistry registry,
            BiConsumer<FunctionState, @Nullable PhpFunction> gone) {
        states.forEach((name, state) -> {
            PhpFunction now = registry.get(name);
            PoolSettings its = now == null ? null : now.settings().pool();
            boolean same =
                    now != null && (its == null ? pool == null : its.name().equals(pool));
            if (!same && states.remove(name, state)) {
                gone.accept(state, now);
            }
        });
    }
}
