package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.relais.functions.FunctionFixture;
import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.FunctionSettings;
import dev.relais.functions.PhpFunction;
import dev.relais.functions.PoolSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FunctionStatesTest {
    private int made;
    private final FunctionStates states = new FunctionStates(this::make);

    private FunctionState make(PhpFunction function) {
        made++;
        return new FunctionState(function.name(), null, null, null, null);
    }

    private static PhpFunction function(String name, String pool) {
        FunctionSettings settings = FunctionSettings.defaults(1_000).toBuilder()
                .pool(pool == null ? null : new PoolSettings(pool, pool, 1, null, null, Map.of(), null, "", null))
                .build();
        return FunctionFixture.function(name, settings);
    }

    @Test
    void whatAFunctionWasFoundAsDecides() {
        FunctionState common = states.of(function("a", null));
        FunctionState pooled = states.of(function("a", "shop"));
        assertNotSame(common, pooled);
        assertNotSame(pooled, states.of(function("a", "blog")));
        assertSame(common, states.of(function("a", null)));
        assertSame(pooled, states.of(function("a", "shop")));
        assertEquals(3, made);
    }

    @Test
    void whatHasAnotherPoolOrIsNoMoreIsGone() {
        FunctionState common = states.of(function("a", null));
        FunctionState pooled = states.of(function("b", "shop"));
        FunctionState stays = states.of(function("c", "shop"));
        PhpFunction moved = function("a", "shop");
        List<FunctionState> gone = new ArrayList<>();
        List<PhpFunction> now = new ArrayList<>();
        states.retain(FunctionRegistry.of(List.of(moved, function("c", "shop"))), (state, function) -> {
            gone.add(state);
            now.add(function);
        });
        assertEquals(List.of(common, pooled), gone);
        assertSame(moved, now.get(0));
        assertEquals(null, now.get(1));
        assertSame(stays, states.of(function("c", "shop")));
        assertNotSame(pooled, states.of(function("b", "shop")));
    }
}
