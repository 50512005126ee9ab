package dev.relais.migration;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Regular expressions of PCRE, as the other servers have them, in the syntax of RE2, as {@code rules} have them. */
final class Re2 {
    private static final int LONGEST = 1_000;
    /** Look-around, conditions, recursion, atomic groups, references, possessive repetition, \K and the like. */
    private static final Pattern BEYOND =
            Pattern.compile("\\(\\?(?:[=!>|(R&0-9#]|<[=!]|P[>=])|(?<!\\\\)(?:\\\\\\\\)*\\\\[1-9gkKGXRZ]|[*+?}]\\+");

    private static final Pattern NAMED = Pattern.compile("\\(\\?P?<([A-Za-z][A-Za-z0-9_]*)>");

    private Re2() {}

    /**
     * The same for RE2, with groups that have numbers alone.
     *
     * @return null when RE2 has no word for it
     */
    static @Nullable String of(String pcre) {
        if (pcre.isEmpty() || pcre.length() > LONGEST || BEYOND.matcher(pcre).find()) {
            return null;
        }
        String regex = NAMED.matcher(pcre).replaceAll("(").replace("\\/", "/").replace("\\-", "-");
        if (pcre.contains("\\-]") || pcre.matches(".*\\[[^]]*\\\\-.*")) {
            regex = NAMED.matcher(pcre).replaceAll("(").replace("\\/", "/"); // within a set it would be a range
        }
        try {
            Pattern.compile(regex);
            return regex;
        } catch (PatternSyntaxException e) {
            return null;
        }
    }

    /** A target with the numbers of groups in the place of their names. */
    static String numbered(String pcre, String target) {
        Matcher named = NAMED.matcher(pcre);
        String text = target;
        while (named.find()) {
            int number = group(pcre, named.group(1));
            text = text.replaceAll(
                    "\\$(\\{" + named.group(1) + "}|" + named.group(1) + "(?![A-Za-z0-9_]))", "\\$" + number);
        }
        return text;
    }

    /** The number of a named group, from 1; 0 when there is none of this name. */
    private static int group(String pcre, String name) {
        Matcher named = NAMED.matcher(pcre);
        while (named.find()) {
            if (named.group(1).equals(name)) {
                int number = 1;
                for (int i = 0; i < named.start(); i++) {
                    boolean opens = pcre.charAt(i) == '(' && (i == 0 || pcre.charAt(i - 1) != '\\');
                    boolean counts = !pcre.startsWith("(?", i)
                            || NAMED.matcher(pcre.substring(i)).lookingAt();
                    number += opens && counts ? 1 : 0;
                }
                return number;
            }
        }
        return 0;
    }

    /** How many groups it has; 0 when it is none. */
    static int groups(String regex) {
        try {
            return Pattern.compile(regex).matcher("").groupCount();
        } catch (PatternSyntaxException e) {
            return 0;
        }
    }

    /** Finds this text, and nothing else. */
    static String quote(String text) {
        return text.replaceAll("([.\\\\+*?\\[\\](){}^$|])", "\\\\$1");
    }

    /** Whether it finds something in the path; true where nobody can say, as with an expression that takes too long. */
    static boolean mayFind(String regex, String path) {
        try {
            return Pattern.compile(regex).matcher(new Steps(path, 100_000)).find();
        } catch (PatternSyntaxException | TooManySteps e) {
            return true;
        }
    }

    private static final class TooManySteps extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooManySteps() {
            super("too many steps", null, false, false);
        }
    }

    /** A text that may be read so many times only, since the expressions are anybody's. */
    private static final class Steps implements CharSequence {
        private final String text;
        private int left;

        Steps(String text, int left) {
            this.text = text;
            this.left = left;
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                throw new TooManySteps();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
