package dev.relais.functions;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Functions that are loaded and not yet in force, where files come into force by themselves: because some have pools whose processes have to be
 * started first, or sites have settings that the workers do not know, on which a site would have the settings and the sessions of all. They
 * come into force with the generation that has these processes. Any thread; what is held and what is in force change in one step.
 */
final class HeldFunctions {
    private final Supplier<FunctionRegistry> inForce;
    private final Consumer<FunctionRegistry> reload;
    // Written under the monitor of this; read without it by the one that switches, whose own monitor is taken within
    // this one.
    private volatile @Nullable FunctionRegistry held; // null for none
    private boolean givenUp; // guarded by this: the generation for what is held did not come to serve

    /**
     * @param inForce gives the functions in force
     * @param reload puts others in force; called within the monitor of this
     */
    HeldFunctions(Supplier<FunctionRegistry> inForce, Consumer<FunctionRegistry> reload) {
        this.inForce = inForce;
        this.reload = reload;
    }

    /**
     * Puts in force what the directory has now, or holds it when it needs other processes.
     *
     * @param touched whether something was changed; what was given up is then tried again, though it is the same
     * @return whether a generation has to be asked for
     */
    synchronized boolean load(FunctionRegistry loaded, boolean touched) {
        FunctionRegistry now = inForce.get();
        FunctionRegistry before = held;
        if (SiteIni.tellsTheSame(loaded, now)) {
            hold(null);
            if (!loaded.sameAs(now)) {
                reload.accept(loaded);
            }
            return false;
        }
        boolean fresh = before == null || !loaded.sameAs(before) || touched && givenUp;
        if (fresh) {
            hold(loaded);
        }
        return fresh;
    }

    private synchronized void hold(@Nullable FunctionRegistry registry) {
        held = registry;
        givenUp = false;
    }

    /** Never waits. */
    boolean isAny() {
        return held != null;
    }

    /** Those that are held; others when there are none. */
    FunctionRegistry orElse(FunctionRegistry others) {
        FunctionRegistry known = held;
        return known == null ? others : known;
    }

    /** Whether no others are held than these. */
    boolean isStill(FunctionRegistry registry) {
        FunctionRegistry known = held;
        return known == null || known == registry;
    }

    /**
     * The processes of these serve: they come into force if they need them, even if the directory has changed in the last moment, since those
     * of the functions in force leave.
     *
     * @param again asks for another generation, which the directory then needs; called within the monitor of this
     */
    synchronized void serve(FunctionRegistry registry, Runnable again) {
        FunctionRegistry now = inForce.get();
        if (held == registry) {
            hold(null);
        } else if (SiteIni.tellsTheSame(registry, now)) {
            return;
        } else {
            hold(held == null ? now : held);
            again.run();
        }
        reload.accept(registry);
    }

    /** The processes of these do not come to serve. */
    synchronized void giveUp(FunctionRegistry registry) {
        givenUp |= held == registry;
    }
}
