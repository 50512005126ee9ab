package dev.relais.lifecycle;

import dev.relais.functions.FunctionsConfig;
import dev.relais.functions.PoolSettings;
import dev.relais.functions.SitePreview;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The pools that count for what PHP takes of the container: those that are in force, and before the start those of the file. Any thread. */
@Singleton
final class DeclaredPools {
    private final Supplier<Collection<PoolSettings>> file;
    private volatile @Nullable Collection<PoolSettings> all; // null: not read yet

    DeclaredPools(FunctionsConfig config) {
        this.file = () -> SitePreview.pools(config).values();
    }

    /** May block for a short time. */
    Collection<PoolSettings> all() {
        Collection<PoolSettings> known = all;
        if (known == null) {
            known = List.copyOf(file.get());
            all = known;
        }
        return known;
    }

    void are(Collection<PoolSettings> inForce) {
        all = List.copyOf(inForce);
    }

    /** The number of their masters. */
    int masters() {
        return all().size();
    }

    /** The number of their children. */
    int children() {
        int sum = 0;
        for (PoolSettings pool : all()) {
            sum += pool.children();
        }
        return sum;
    }
}
