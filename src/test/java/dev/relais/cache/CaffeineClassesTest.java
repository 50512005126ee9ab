package dev.relais.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.github.benmanes.caffeine.cache.Cache;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.lang.reflect.Field;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Caffeine chooses the classes of a cache and of its entries by names that it puts together, which the builder of an executable cannot
 * see: those in use have to be registered, and no others.
 */
class CaffeineClassesTest {
    @Test
    void theClassesOfAllCachesAreRegistered() throws ReflectiveOperationException {
        Set<String> used = new TreeSet<>();
        add(used, field(new Regions(1_000_000, 1_000_000).of("a"), "resources"));
        add(used, field(new Flights(), "unshared"));
        assertEquals(
                used,
                new TreeSet<>(Set.of(ResultCache.class
                        .getAnnotation(RegisterForReflection.class)
                        .classNames())));
    }

    private static void add(Set<String> used, Object cache) throws ReflectiveOperationException {
        Object bounded = ((Cache<?, ?>) cache).asMap();
        used.add(bounded.getClass().getName());
        used.add(field(bounded, "nodeFactory").getClass().getName());
    }

    private static Object field(Object of, String name) throws ReflectiveOperationException {
        for (Class<?> type = of.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    field.setAccessible(true);
                    return field.get(of);
                }
            }
        }
        throw new NoSuchFieldException(name);
    }
}
