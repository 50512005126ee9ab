package dev.relais.functions;

import org.jspecify.annotations.Nullable;

/**
 * How a function stays in memory, as {@code resident} in {@code functions.yaml} says it.
 *
 * @param script that boots the application, relative to the function's folder; null for the application that is in the folder
 * @param children how many processes hold it; those of the {@link PoolSettings} that has these settings
 * @param maxRequests after how many requests a child ends; 0 for no limit of its own
 * @param maxMemory after how many bytes of growth since it has booted a child ends; 0 for no limit of its own
 * @param strict whether a child ends after a request that has left something behind
 */
public record ResidentSettings(
        @Nullable String script, int children, long maxRequests, long maxMemory, boolean strict) {
    public ResidentSettings {
        if (children < 1 || maxRequests < 0 || maxMemory < 0) {
            throw new IllegalArgumentException(
                    "children=" + children + " maxRequests=" + maxRequests + " maxMemory=" + maxMemory);
        }
    }
}
