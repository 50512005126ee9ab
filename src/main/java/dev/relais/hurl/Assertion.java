package dev.relais.hurl;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code [Asserts]}: a {@link Query}, perhaps {@code not}, and what its value has to be.
 *
 * @param line of the file, counted from 1
 * @param text as it is written
 * @param value what the value is compared with; null for a predicate that compares it with nothing
 */
record Assertion(
        int line,
        String text,
        Query query,
        boolean not,
        Predicate predicate,
        @Nullable Object value) {
    /** What a value can be. */
    enum Predicate {
        EQUALS("=="),
        DIFFERS("!="),
        GREATER(">"),
        GREATER_OR_EQUAL(">="),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        CONTAINS("contains"),
        STARTS_WITH("startsWith"),
        ENDS_WITH("endsWith"),
        MATCHES("matches"),
        EXISTS("exists"),
        IS_EMPTY("isEmpty"),
        IS_BOOLEAN("isBoolean"),
        IS_FLOAT("isFloat"),
        IS_INTEGER("isInteger"),
        IS_LIST("isList"),
        IS_NUMBER("isNumber"),
        IS_OBJECT("isObject"),
        IS_STRING("isString");

        private final String word;

        Predicate(String word) {
            this.word = word;
        }

        private static @Nullable Predicate of(String word) {
            for (Predicate one : values()) {
                if (one.word.equals(word)) {
                    return one;
                }
            }
            return null;
        }

        private boolean isOfNumbers() {
            return this == GREATER || this == GREATER_OR_EQUAL || this == LESS || this == LESS_OR_EQUAL;
        }

        private boolean isAlone() {
            return ordinal() >= EXISTS.ordinal();
        }
    }

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    static Assertion parse(int line, String text) throws SyntaxProblem {
        Words words = new Words(line, text);
        Query query = Query.parse(words);
        Words.Word word = words.next("a predicate");
        boolean not = word.is("not");
        if (not) {
            word = words.next("a predicate");
        }
        Predicate predicate = word.kind() == Words.Kind.PLAIN ? Predicate.of(word.text()) : null;
        if (predicate == null) {
            throw words.problem(
                    word.text() + ": is not checked; write ==, contains, matches, exists or another predicate");
        }
        Object value = predicate.isAlone()
                ? null
                : predicate == Predicate.MATCHES ? words.pattern() : value(words, predicate.isOfNumbers());
        words.end();
        return new Assertion(line, text.strip(), query, not, predicate, value);
    }

    private static Object value(Words words, boolean number) throws SyntaxProblem {
        Words.Word word = words.next("a value");
        if (word.kind() == Words.Kind.TEXT && !number) {
            return word.text();
        }
        if (word.kind() == Words.Kind.PLAIN && NUMBER.matcher(word.text()).matches()) {
            return new BigDecimal(word.text());
        }
        if (word.kind() == Words.Kind.PLAIN && !number) {
            switch (word.text()) {
                case "true":
                    return Boolean.TRUE;
                case "false":
                    return Boolean.FALSE;
                case "null":
                    return Query.NULL;
                default:
            }
        }
        throw words.problem(word.text() + (number ? ": is no number" : ": is no value; a text is written in quotes"));
    }

    /** Why it does not hold for this answer, in words; null when it holds. */
    @Nullable
    String failure(Reply reply, Variables variables) throws Variables.Unset {
        Object found = query.value(reply);
        Object wanted = value instanceof String written ? variables.filled(written) : value;
        return holds(found, wanted) == !not ? null : text + ": " + shown(found);
    }

    private boolean holds(Object found, @Nullable Object wanted) {
        return switch (predicate) {
            case EQUALS -> equal(found, wanted);
            case DIFFERS -> found != Query.MISSING && !equal(found, wanted);
            case GREATER -> compared(found, wanted, 1, 1);
            case GREATER_OR_EQUAL -> compared(found, wanted, 0, 1);
            case LESS -> compared(found, wanted, -1, -1);
            case LESS_OR_EQUAL -> compared(found, wanted, -1, 0);
            case CONTAINS -> contains(found, wanted);
            case STARTS_WITH -> found instanceof String whole && whole.startsWith(String.valueOf(wanted));
            case ENDS_WITH -> found instanceof String whole && whole.endsWith(String.valueOf(wanted));
            case MATCHES ->
                found instanceof String whole
                        && wanted instanceof Pattern pattern
                        && pattern.matcher(whole).find();
            case EXISTS -> found != Query.MISSING;
            case IS_EMPTY -> isEmpty(found);
            case IS_BOOLEAN -> found instanceof Boolean;
            case IS_FLOAT -> found instanceof Double || found instanceof Float;
            case IS_INTEGER -> found instanceof Number && !(found instanceof Double || found instanceof Float);
            case IS_LIST -> found instanceof JsonArray || found instanceof List;
            case IS_NUMBER -> found instanceof Number;
            case IS_OBJECT -> found instanceof JsonObject;
            case IS_STRING -> found instanceof String;
        };
    }

    private static boolean equal(Object found, @Nullable Object wanted) {
        return found instanceof Number number && wanted instanceof BigDecimal other
                ? decimal(number).compareTo(other) == 0
                : found.equals(wanted);
    }

    private static BigDecimal decimal(Number number) {
        return new BigDecimal(number.toString());
    }

    private static boolean compared(Object found, @Nullable Object wanted, int least, int most) {
        if (found instanceof Number number && wanted instanceof BigDecimal other) {
            int sign = decimal(number).compareTo(other);
            return sign >= least && sign <= most;
        }
        return false;
    }

    private static boolean contains(Object found, @Nullable Object wanted) {
        if (found instanceof String whole) {
            return wanted instanceof String part && whole.contains(part);
        }
        Iterable<?> all = found instanceof JsonArray array ? array : found instanceof List<?> list ? list : List.of();
        for (Object one : all) {
            if (equal(one == null ? Query.NULL : one, wanted)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isEmpty(Object found) {
        return found instanceof String text && text.isEmpty()
                || found instanceof JsonArray array && array.isEmpty()
                || found instanceof JsonObject object && object.isEmpty();
    }

    /** What was found, on one line and cut to a bounded length. */
    static String shown(Object found) {
        if (found == Query.MISSING) {
            return "is not there";
        }
        String text = found == Query.NULL
                ? "null"
                : found instanceof String
                        ? "\"" + found.toString().replace("\"", "\\\"").replace("\n", "\\n") + "\""
                        : found instanceof JsonObject object
                                ? object.encode()
                                : found instanceof JsonArray array
                                        ? array.encode()
                                        : String.format(Locale.ROOT, "%s", found);
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return "is " + (line.length() > 300 ? line.substring(0, 300) + "..." : line);
    }
}
