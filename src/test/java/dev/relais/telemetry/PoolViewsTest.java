package dev.relais.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.relais.events.Events;
import dev.relais.functions.PoolSettings;
import dev.relais.functions.ResidentSettings;
import dev.relais.slot.Residents;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is told of resident functions, while their pools serve. */
class PoolViewsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Residents residents = new Residents(() -> 7, new Events());
    private final PoolViews views = new PoolViews(new PoolMeters(registry), new ResidentMeters(registry), residents);

    private static PoolViews.View view(String name, ResidentSettings resident) {
        PoolSettings settings = new PoolSettings(name, "key.resident", 1, null, null, Map.of(), null, "", resident);
        return new PoolViews.View(settings, "www", null, null, null);
    }

    private static PoolViews.View resident(String function) {
        return view("function:" + function, new ResidentSettings("worker.php", 1, 0, 0, false));
    }

    private Set<String> functions() {
        Set<String> functions = new TreeSet<>();
        for (Meter meter : registry.getMeters()) {
            if (meter.getId().getName().startsWith("relais.resident.")) {
                functions.add(meter.getId().getTag("function"));
            }
        }
        return functions;
    }

    @Test
    void aFunctionIsNotReadyUntilAChildHasBootedIt() {
        assertEquals(List.of(), views.notBooted());
        views.publish(List.of(resident("greet"), resident("shop"), view("slow", null)));
        assertEquals(List.of("greet", "shop"), views.notBooted());
        residents.of("shop").booted(3);
        residents.of("greet").bootFailed(1, "no");
        assertEquals(List.of("greet"), views.notBooted());
        residents.of("greet").booted(3);
        assertEquals(List.of(), views.notBooted());
        residents.of("greet").bootFailed(1, "no"); // the last good version serves
        assertEquals(List.of(), views.notBooted());
    }

    @Test
    void aFunctionHasMetersWhileItIsResident() {
        views.publish(List.of(resident("shop"), view("slow", null)));
        residents.of("shop").booted(500);
        residents.of("shop").bootFailed(1, "no");
        residents.of("shop").left("r", "{\"left\":[{\"kind\":\"memory\",\"text\":\"grew\"}]}");
        assertEquals(Set.of("shop"), functions());
        assertEquals(0.5, registry.get("relais.resident.boot").functionTimer().totalTime(TimeUnit.SECONDS), 0.001);
        assertEquals(1, boots("success"));
        assertEquals(1, boots("failure"));
        assertEquals(
                1,
                registry.get("relais.resident.left")
                        .tag("kind", "memory")
                        .functionCounter()
                        .count());

        views.publish(List.of(resident("shop"), resident("other")));
        assertEquals(Set.of("other", "shop"), functions());
        assertEquals(1, residents.of("shop").boots(), "what is known stays while it serves");
        views.publish(List.of(resident("other")));
        assertEquals(Set.of("other"), functions());
        assertNull(residents.of("shop").lastBoot(), "it would begin anew");
    }

    private double boots(String outcome) {
        return registry.get("relais.resident.boots")
                .tag("function", "shop")
                .tag("outcome", outcome)
                .functionCounter()
                .count();
    }
}
