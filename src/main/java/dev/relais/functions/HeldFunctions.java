package dev.relais.functions;

import org.jspecify.annotations.Nullable;

/**
 * Functions that are loaded and not yet in force, where files come into force by themselves: because some have pools whose processes have to be
 * started first, or sites have settings that the workers do not know, on which a site would have the settings and the sessions of all. They
 * come into force with the generation that has these processes. Any thread.
 */
final class HeldFunctions {
    private @Nullable FunctionRegistry held; // guarded by this; null for none

    /** @return whether they differ from those that were held before, so that a generation has to be asked for */
    synchronized boolean hold(FunctionRegistry loaded) {
        boolean fresh = held == null || !loaded.sameAs(held);
        held = fresh ? loaded : held;
        return fresh;
    }

    /** None are held any more: what is loaded now needs no other processes. */
    synchronized void drop() {
        held = null;
    }

    synchronized boolean isAny() {
        return held != null;
    }

    /** Those that are held; others when there are none. */
    synchronized FunctionRegistry orElse(FunctionRegistry others) {
        return held == null ? others : held;
    }

    /** Whether no others are held than these. */
    synchronized boolean isStill(FunctionRegistry registry) {
        return held == null || held == registry;
    }

    /**
     * The processes of these serve.
     *
     * @param inForce the functions in force
     * @param again asks for another generation, which is needed when these were given up in the last moment
     * @return whether they were held, which they are no more
     */
    boolean take(FunctionRegistry registry, FunctionRegistry inForce, Runnable again) {
        boolean late;
        synchronized (this) {
            if (held == registry) {
                held = null;
                return true;
            }
            late = held == null && !SiteIni.tellsTheSame(registry, inForce);
            held = late ? inForce : held;
        }
        if (late) {
            again.run();
        }
        return false;
    }
}
