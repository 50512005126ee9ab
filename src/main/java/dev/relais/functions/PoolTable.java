package dev.relais.functions;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The pools that {@code functions.yaml} has under {@code pools}, for those functions and sites that name one. Serves for one reading of the file. */
final class PoolTable {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
    private static final int MOST = 100;

    private final Map<String, PoolSettings> named = new LinkedHashMap<>();
    private final Set<String> used = new HashSet<>();

    /** @param pools the value of {@code pools}; null for none */
    PoolTable(@Nullable YamlValue pools) {
        if (pools != null) {
            pools.entries().forEach(this::add);
        }
    }

    private void add(String name, YamlValue pool) {
        if (!name.matches(NAME)) {
            throw pool.keyProblem("not a name for a pool", "write it of letters, digits and ._-");
        }
        if (named.size() == MOST) {
            throw pool.keyProblem("more than " + MOST + " pools", "have some sites share one");
        }
        named.put(name, PoolKeys.read(name, pool.key(), pool));
    }

    /**
     * The pool that a function or a site names, or has of its own.
     *
     * @param owner what its own is called
     * @throws dev.relais.ConfigurationProblem when there is none of this name, or a key of its own is wrong
     */
    PoolSettings of(YamlValue value, String owner) {
        if (!value.isText()) {
            if (value.isNull() || value.isList()) {
                throw value.problem(
                        "neither a pool nor the name of one", "write it like {children: 4, user: www-shop}, or a name");
            }
            return PoolKeys.read(owner, value.key(), value);
        }
        PoolSettings found = named.get(value.text());
        if (found == null) {
            throw value.problem(
                    "there is no such pool",
                    named.isEmpty()
                            ? "add pools: {" + value.text() + ": {children: 4}}, or write {children: 4} here"
                            : "the names under pools are " + String.join(", ", named.keySet()));
        }
        used.add(found.name());
        return found;
    }

    /** The names of those that nothing has named. */
    Set<String> idle() {
        Set<String> idle = new TreeSet<>(named.keySet());
        idle.removeAll(used);
        return idle;
    }
}
