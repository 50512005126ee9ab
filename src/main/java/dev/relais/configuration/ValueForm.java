package dev.relais.configuration;

import dev.relais.ConfigurationProblem;
import dev.relais.Ranges;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a value has to look like, as {@code keys.txt} says it in a few words. */
sealed interface ValueForm {
    /**
     * @param value without white space around it, and not empty
     * @throws ConfigurationProblem when it has another form
     */
    void check(String key, String value);

    /** What to set, as the rest of a line that begins with "set". */
    String wanted();

    /** @param words such as {@code number 1 10}, {@code time} or {@code list gzip|br} */
    static ValueForm of(List<String> words) {
        String kind = words.get(0);
        long least = words.size() == 3 ? Long.parseLong(words.get(1)) : Long.MIN_VALUE;
        long most = words.size() == 3 ? Long.parseLong(words.get(2)) : Long.MAX_VALUE;
        return switch (kind) {
            case "text" -> new Text();
            case "time" -> new Time();
            case "size" -> new Size(Math.max(0, least), most);
            case "number" -> words.size() == 3 ? new Whole(least, most, true) : Whole.INT;
            case "long" -> Whole.LONG;
            case "decimal" -> new Decimal();
            case "boolean" -> new Truth();
            case "list" -> new Choice(List.of(words.get(1).split("\\|")), true);
            default -> new Choice(List.of(kind.split("\\|")), false);
        };
    }

    /** Anything; whoever reads it checks what it names. */
    record Text() implements ValueForm {
        @Override
        public void check(String key, String value) {}

        @Override
        public String wanted() {
            return "a value";
        }
    }

    /** A duration, without a range. */
    record Time() implements ValueForm {
        /** What nanoseconds can express. */
        private static final Duration MOST = Duration.ofNanos(Long.MAX_VALUE);

        @Override
        public void check(String key, String value) {
            try {
                Duration time = new DurationConverter().convert(value);
                if (time.abs().compareTo(MOST) > 0) {
                    throw new ArithmeticException();
                }
            } catch (ArithmeticException e) {
                throw new ConfigurationProblem(key, value, "is out of range", "set a time of at most a day");
            } catch (IllegalArgumentException e) {
                throw new ConfigurationProblem(key, value, "is no time", "set " + wanted());
            }
        }

        @Override
        public String wanted() {
            return "a time such as 300ms, 2s or 5m";
        }
    }

    /** A number of bytes. */
    record Size(long least, long most) implements ValueForm {
        @Override
        public void check(String key, String value) {
            MemorySize size;
            try {
                size = new MemorySizeConverter().convert(value);
            } catch (IllegalArgumentException e) {
                throw new ConfigurationProblem(key, value, "is no size", "set " + wanted());
            }
            try {
                Ranges.size(key, size, least, most);
            } catch (ConfigurationProblem e) { // which has the bytes
                if (most < Long.MAX_VALUE) {
                    throw new ConfigurationProblem(key, value, e.problem(), e.remedy());
                }
            }
        }

        @Override
        public String wanted() {
            return "a size in bytes such as 4096, 64K or 10M";
        }
    }

    /**
     * A whole number.
     *
     * @param own whether this is the range of the key, and not only that of the type, which holds numbers that no key takes
     */
    record Whole(long least, long most, boolean own) implements ValueForm {
        static final Whole INT = new Whole(Integer.MIN_VALUE, Integer.MAX_VALUE, false);
        static final Whole LONG = new Whole(Long.MIN_VALUE, Long.MAX_VALUE, false);

        @Override
        public void check(String key, String value) {
            if (!value.matches("[+-]?[0-9]+")) {
                throw new ConfigurationProblem(key, value, "is no whole number", "set " + wanted());
            }
            BigInteger number = new BigInteger(value);
            boolean outside =
                    number.compareTo(BigInteger.valueOf(least)) < 0 || number.compareTo(BigInteger.valueOf(most)) > 0;
            if (outside) {
                throw new ConfigurationProblem(
                        key,
                        value,
                        "is out of range",
                        own ? "set it to " + least + " to " + most : "set a number of fewer digits");
            }
        }

        @Override
        public String wanted() {
            return own ? "a whole number from " + least + " to " + most : "a whole number such as 10";
        }
    }

    /** A number with digits after the point. */
    record Decimal() implements ValueForm {
        @Override
        public void check(String key, String value) {
            try {
                Double.parseDouble(value);
            } catch (NumberFormatException e) {
                throw new ConfigurationProblem(key, value, "is no number", "set " + wanted());
            }
        }

        @Override
        public String wanted() {
            return "a number such as 0.1";
        }
    }

    /** Yes or no. What is neither of these would be taken as no, and so would a mistyped yes. */
    record Truth() implements ValueForm {
        /** What SmallRye Config takes as yes, and the opposites. */
        private static final Set<String> WORDS =
                Set.of("true", "false", "yes", "no", "on", "off", "y", "n", "t", "f", "1", "0");

        @Override
        public void check(String key, String value) {
            if (!WORDS.contains(value.toLowerCase(Locale.ROOT))) {
                throw new ConfigurationProblem(key, value, "is neither true nor false", "set " + wanted());
            }
        }

        @Override
        public String wanted() {
            return "true or false";
        }
    }

    /**
     * One of some words, or several of them with commas between them.
     *
     * @param words as the documentation writes them
     */
    record Choice(List<String> words, boolean several) implements ValueForm {
        @Override
        public void check(String key, String value) {
            for (String one : several ? value.split(",") : new String[] {value}) {
                String word = one.strip().toLowerCase(Locale.ROOT).replace('_', '-');
                if (!words.contains(word) && !(several && word.isEmpty())) {
                    throw new ConfigurationProblem(
                            key,
                            value,
                            several ? "has a word that is none of its values" : "is none of its values",
                            "set " + wanted());
                }
            }
        }

        @Override
        public String wanted() {
            int last = words.size() - 1;
            return (several ? "some of " : "")
                    + String.join(", ", words.subList(0, last))
                    + (several ? " and " : " or ")
                    + words.get(last);
        }
    }
}
