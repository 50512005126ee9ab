package dev.relais.cache;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The key of one request, which is made when it is needed first: most functions are never answered from the cache. Confined to the
 * event loop of the request.
 */
final class RequestKey {
    private final boolean mayBeOdd;
    private @Nullable Supplier<@Nullable ResultKey> maker; // null: the key was made, or there is none
    private @Nullable ResultKey key; // null before it is made, and when there is none

    /**
     * @param maker makes it; null when nothing is kept for the request, whatever its key
     * @param mayBeOdd whether a request may be too odd to have one, so that the maker returns null
     */
    RequestKey(@Nullable Supplier<@Nullable ResultKey> maker, boolean mayBeOdd) {
        this.maker = maker;
        this.mayBeOdd = mayBeOdd;
    }

    /** Whether there is none, so that nothing is kept for the request. */
    boolean isNone() {
        return mayBeOdd ? made() == null : maker == null && key == null;
    }

    /** The key, if there {@linkplain #isNone is} one. */
    ResultKey get() {
        return Objects.requireNonNull(made());
    }

    private @Nullable ResultKey made() {
        Supplier<@Nullable ResultKey> first = maker;
        if (first != null) {
            maker = null;
            key = first.get();
        }
        return key;
    }
}
