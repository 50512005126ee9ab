package dev.relais.functions;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the key {@code resident} of a function: {@code true}, {@code false}, the path of a script, or keys. */
final class ResidentKeys {
    static final String KEY = "resident";

    private static final List<String> NAMES = List.of("script", "children", "max-requests", "max-memory", "strict");

    private @Nullable String script;
    private int children;
    private long maxRequests;
    private long maxMemory;
    private boolean strict;

    /** @param usual how many children there are when nothing is said of them */
    private ResidentKeys(int usual) {
        children = usual;
    }

    static List<String> names() {
        return NAMES;
    }

    /**
     * The processes of a function.
     *
     * @param keys of the function
     * @param written the pool that its key {@code pool} says; null when there is none
     * @param owner what a pool of its own is called
     * @return the pool that was written, when the function is not resident
     * @throws dev.relais.ConfigurationProblem when a key is unknown, its value is wrong, or it contradicts {@code pool}
     */
    static @Nullable PoolSettings pool(Map<String, YamlValue> keys, @Nullable PoolSettings written, String owner) {
        YamlValue value = keys.get(KEY);
        if (value == null || "false".equals(value.text())) {
            return written;
        }
        YamlValue pool = keys.get("pool");
        if (pool != null && pool.isText()) {
            throw value.keyProblem(
                    "resident in the shared pool " + FunctionNames.printable(pool.text()),
                    "remove pool: a resident function has processes of its own, whose user, php-fpm and ini can be written in pool");
        }
        ResidentSettings settings =
                read(value, pool, written == null ? PoolSettings.USUAL_CHILDREN : written.children());
        return PoolSettings.resident(owner, value.key(), settings, written);
    }

    private static ResidentSettings read(YamlValue value, @Nullable YamlValue pool, int usual) {
        ResidentKeys keys = new ResidentKeys(usual);
        if (value.isNull() || value.isList()) {
            throw value.problem(
                    "neither true, a script nor keys",
                    "write it like worker.php, {script: worker.php, children: 4}, or true");
        }
        if (!value.isText()) {
            value.entries().forEach((name, entry) -> keys.key(name, entry, pool));
        } else if (!"true".equals(value.text())) {
            keys.script = ValueForms.script(value);
        }
        return new ResidentSettings(keys.script, keys.children, keys.maxRequests, keys.maxMemory, keys.strict);
    }

    private void key(String name, YamlValue value, @Nullable YamlValue pool) {
        switch (name) {
            case "script" -> script = ValueForms.script(value);
            case "children" -> {
                if (pool != null && pool.entries().containsKey(name)) {
                    throw value.keyProblem("children are in pool as well", "remove one of them");
                }
                children = PoolKeys.children(value);
            }
            case "max-requests" -> maxRequests = ValueForms.count(value, 0);
            case "max-memory" -> maxMemory = ValueForms.bytes(value);
            case "strict" -> strict = ValueForms.bool(value);
            default -> throw Suggestion.unknown(value, name, KEY, NAMES);
        }
    }
}
