package dev.relais.slot;

import dev.relais.LogText;
import java.util.Locale;

/**
 * One thing that a request has left in the memory of a resident application. Its texts are those of PHP code; they are bounded, and what
 * is hidden in them is escaped.
 *
 * @param name such as {@code App\Cache::$items}
 * @param text what has become of it, such as {@code grew from 3 to 120 elements}
 */
public record Leftover(Kind kind, String name, String text) {
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_TEXT = 200;

    /** What it is. Meters use these names in lower case. */
    public enum Kind {
        STATIC,
        GLOBAL,
        CONSTANT,
        HANDLER,
        DESCRIPTOR,
        MEMORY,
        SETTING,
        /** Anything else; its name then begins with the word of the child, such as {@code session}. */
        OTHER;

        /** A child calls by its own word what it had recorded as changed and could not put back. */
        private static Kind of(String name) {
            if (name.equals("state")) {
                return SETTING;
            }
            for (Kind kind : values()) {
                if (kind.word().equals(name)) {
                    return kind;
                }
            }
            return OTHER;
        }

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Leftover {
        name = LogText.escape(name, LONGEST_NAME);
        text = LogText.escape(text, LONGEST_TEXT);
    }

    /** @param kind the word of the child for it, which may be anything */
    static Leftover of(String kind, String name, String text) {
        Kind known = Kind.of(kind);
        boolean ownWord = known == Kind.OTHER && !kind.equals(Kind.OTHER.word());
        return new Leftover(known, ownWord ? (kind + ' ' + name).strip() : name, text);
    }

    /** In one line, for people. */
    public String line() {
        return kind.word() + (name.isEmpty() ? "" : " " + name) + (text.isEmpty() ? "" : " " + text);
    }
}
