package dev.relais.configuration;

import dev.relais.ConfigurationProblem;
import dev.relais.EditDistance;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The keys that have a form, out of {@code keys.txt}. Immutable. */
final class KnownKeys {
    static final String FILE = "keys.txt";

    /** How many letters a mistyped key may differ in from the one that is meant. */
    private static final int MOST_LETTERS = 3;

    /** What stands in for the rest of a key that has names of the user's own. */
    private static final String ANY = ".*";

    /**
     * One key.
     *
     * @param name without what follows in a key with names of the user's own
     * @param optional whether an empty value says that there is none
     */
    record Key(String name, ValueForm form, boolean optional) {
        /** @throws ConfigurationProblem when the value cannot be one of this key */
        void check(String value) {
            String text = value.strip();
            if (!text.isEmpty()) {
                form.check(name, text);
            } else if (!optional) {
                throw new ConfigurationProblem(name, "", "is empty", "set " + form.wanted() + ", or remove the key");
            }
        }
    }

    private final Map<String, Key> keys = new TreeMap<>();
    private final Map<String, Key> exact;

    private KnownKeys(Iterable<String> lines) {
        for (String line : lines) {
            List<String> words = List.of(line.strip().split("\\s+"));
            if (words.size() > 1 && !line.startsWith("#")) {
                boolean optional = words.get(0).endsWith("?");
                String name = words.get(0).substring(0, words.get(0).length() - (optional ? 1 : 0));
                boolean any = name.endsWith(ANY);
                keys.put(name, new Key(name, ValueForm.of(words.subList(1, words.size())), optional || any));
            }
        }
        exact = new HashMap<>(keys);
    }

    static KnownKeys read() {
        try (InputStream in = Objects.requireNonNull(KnownKeys.class.getResourceAsStream(FILE), FILE);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return new KnownKeys(reader.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All of them, in order; those with names of the user's own end in {@code .*}. */
    Map<String, Key> all() {
        return keys;
    }

    /** The key of this very name; null when there is none, or when its name is partly the user's own. */
    @Nullable
    Key get(String name) {
        return exact.get(name);
    }

    /** Whether somebody reads what is set by this name. */
    boolean covers(String name) {
        int index = name.indexOf('[');
        if (exact.containsKey(index < 0 ? name : name.substring(0, index))) {
            return true;
        }
        for (String key : keys.keySet()) {
            if (key.endsWith(ANY) && name.startsWith(key.substring(0, key.length() - 1))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a known key begins with the same two words, such as {@code relais.http.}. */
    boolean hasPrefixOf(String name) {
        int end = name.indexOf('.', name.indexOf('.') + 1);
        if (end < 0) {
            return false;
        }
        String prefix = name.substring(0, end + 1);
        for (String key : keys.keySet()) {
            if (key.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** As {@link #covers}, of the name of an environment variable. */
    boolean coversVariable(String name) {
        for (String key : keys.keySet()) {
            String variable = variable(key.endsWith(ANY) ? key.substring(0, key.length() - 1) : key);
            if (name.equals(variable)
                    || key.endsWith(ANY) && name.startsWith(variable)
                    || name.startsWith(variable)
                            && name.substring(variable.length()).matches("_[0-9]+_")) {
                return true;
            }
        }
        return false;
    }

    /** The key that may be meant by a name that is none: of a few other letters, else with the same last word; null when none is like it. */
    @Nullable
    String like(String name) {
        String best = null;
        int least = MOST_LETTERS + 1;
        for (String key : keys.keySet()) {
            int distance = EditDistance.between(key, name);
            if (distance < least) {
                least = distance;
                best = key;
            }
        }
        String last = name.substring(name.lastIndexOf('.') + 1);
        for (String key : keys.keySet()) {
            if (best == null && key.endsWith('.' + last) && key.startsWith(name.substring(0, name.indexOf('.') + 1))) {
                best = key;
            }
        }
        return best;
    }

    /** The variable that may be meant by one that sets nothing; null when none is like it. */
    @Nullable
    String likeVariable(String name) {
        String best = null;
        int least = MOST_LETTERS + 1;
        for (String key : keys.keySet()) {
            int distance = EditDistance.between(variable(key), name);
            if (distance < least) {
                least = distance;
                best = variable(key);
            }
        }
        return best;
    }

    private static String variable(String key) {
        return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }
}
