package dev.relais.sites;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which scripts may run. One that may not is as if it were not there.
 *
 * @param listed those that may; null for all
 */
public record Scripts(@Nullable List<Glob> listed) {
    public static final Scripts ALL = new Scripts(null);
    public static final Scripts NONE = new Scripts(List.of());

    public Scripts {
        listed = listed == null ? null : List.copyOf(listed);
    }

    /** @param path of a script that is there, letter by letter: a list of what is allowed must not grow by another spelling */
    public boolean allow(String path) {
        if (listed == null) {
            return true;
        }
        for (Glob glob : listed) {
            if (glob.covers(path)) {
                return true;
            }
        }
        return false;
    }
}
