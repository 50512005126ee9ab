package dev.relais.telemetry;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The meters of pools: those of a pool are there while it serves. Called by one thread at a time. */
@Singleton
class PoolMeters {
    /** A pool, whose processes may be others from one generation to the next. */
    private static final class Place {
        final List<Meter> meters = new ArrayList<>();
        volatile PoolViews.View view;

        Place(PoolViews.View first) {
            view = first;
        }
    }

    private final MeterRegistry registry;
    private final Map<String, Place> places = new HashMap<>();

    PoolMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Has meters of these pools, and of no others. */
    void follow(List<PoolViews.View> pools) {
        Map<String, PoolViews.View> named = new HashMap<>();
        pools.forEach(pool -> named.put(pool.settings().name(), pool));
        Iterator<Map.Entry<String, Place>> known = places.entrySet().iterator();
        while (known.hasNext()) {
            Map.Entry<String, Place> place = known.next();
            if (!named.containsKey(place.getKey())) {
                place.getValue().meters.forEach(registry::remove);
                known.remove();
            }
        }
        named.forEach((name, view) -> {
            Place place = places.get(name);
            if (place == null) {
                places.put(name, bound(name, new Place(view)));
            } else {
                place.view = view;
            }
        });
    }

    private Place bound(String name, Place place) {
        gauge("relais.pool.children", "PHP children of the pool", name, place, PoolViews.View::children);
        gauge(
                "relais.pool.children.busy",
                "PHP children of the pool running a script or not ready",
                name,
                place,
                view -> view.busy());
        gauge(
                "relais.pool.queue.length",
                "Invocations waiting for a free PHP child of the pool",
                name,
                place,
                view -> view.room().length());
        place.meters.add(FunctionCounter.builder("relais.pool.restarts", place, its -> its.view.restarts())
                .description("Restarts of the pool's master since its processes have these settings")
                .tag("pool", name)
                .register(registry));
        return place;
    }

    private void gauge(String meter, String text, String name, Place place, ToDoubleFunction<PoolViews.View> value) {
        place.meters.add(Gauge.builder(meter, place, its -> value.applyAsDouble(its.view))
                .description(text)
                .tag("pool", name)
                .register(registry));
    }
}
