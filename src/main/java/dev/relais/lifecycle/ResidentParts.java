package dev.relais.lifecycle;

import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.PhpFunction;
import dev.relais.functions.PoolSettings;
import dev.relais.functions.ResidentPlace;
import dev.relais.functions.ResidentSettings;
import dev.relais.slot.BootTurns;
import dev.relais.slot.RecycleConfig;
import dev.relais.slot.Residents;
import dev.relais.worker.ResidentBoots;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.inject.Singleton;
import java.math.BigInteger;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What the processes of a resident function have that others have not. Called by the thread that starts or switches. */
@Singleton
final class ResidentParts {
    private final RecycleConfig recycling;
    private final Residents residents;
    private final BootTurns turns = new BootTurns(Runtime.getRuntime().availableProcessors());

    ResidentParts(RecycleConfig recycling, Residents residents) {
        this.recycling = recycling;
        this.residents = residents;
    }

    /** What makes the children of a pool keep an application in memory; null for a usual pool. */
    @Nullable
    ResidentBoots of(PoolSettings pool) {
        String function = pool.residentFunction();
        return function == null ? null : new ResidentBoots(turns, residents.of(function));
    }

    /** When the children of a pool are replaced. */
    RecycleConfig recycling(PoolSettings pool) {
        ResidentSettings resident = pool.resident();
        return resident == null ? recycling : new Own(recycling, resident);
    }

    /**
     * Tells the processes of a pool what they keep in memory, as these functions say. Does nothing for usual pools.
     *
     * @param functions in force, or those that come
     */
    void tell(PoolWorkers workers, FunctionRegistry functions) {
        PoolSettings pool = workers.settings();
        ResidentBoots boots = workers.boots();
        PhpFunction function = functions.resident(pool);
        ResidentPlace place = function == null ? null : function.resident();
        ResidentSettings settings = pool.resident();
        if (boots != null && function != null && place != null && settings != null) {
            boots.application(variables(function.name(), place, settings));
        }
    }

    private Map<String, String> variables(String function, ResidentPlace place, ResidentSettings settings) {
        Map<String, String> variables = new HashMap<>();
        variables.put("RELAIS_FUNCTION", function);
        variables.put("RELAIS_FOLDER", place.folder().toString());
        variables.put(
                "RELAIS_SCRIPT", place.script() == null ? "" : place.script().toString());
        variables.put("RELAIS_WAY", place.script() == null ? "application" : "script");
        variables.put("RELAIS_CHECK", Integer.toString(residents.checkEvery()));
        variables.put("RELAIS_STRICT", settings.strict() ? "1" : "0");
        variables.put("RELAIS_MAX_REQUESTS", Long.toString(settings.maxRequests()));
        return variables;
    }

    /** As for all, but for the limits of the function's own. */
    private record Own(RecycleConfig all, ResidentSettings resident) implements RecycleConfig {
        @Override
        public OptionalLong requests() {
            return resident.maxRequests() == 0 ? all.requests() : OptionalLong.of(resident.maxRequests());
        }

        @Override
        public Optional<Duration> age() {
            return all.age();
        }

        @Override
        public Optional<MemorySize> memory() {
            return all.memory();
        }

        @Override
        public Optional<MemorySize> growth() {
            return resident.maxMemory() == 0
                    ? Optional.empty()
                    : Optional.of(new MemorySize(BigInteger.valueOf(resident.maxMemory())));
        }

        @Override
        public double share() {
            return all.share();
        }
    }
}
