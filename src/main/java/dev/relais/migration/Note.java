package dev.relais.migration;

/**
 * What became of a directive that has no key of its own in the result.
 *
 * @param file in which it stands
 * @param line from 1
 * @param directive as it was written, shortened
 * @param why what Relais has or has not
 */
record Note(Kind kind, String file, int line, String directive, String why) {
    /** In the order in which they are written. */
    enum Kind {
        /** It kept somebody from something, and nothing does so now. */
        GUARD("NOT CARRIED OVER, AND IT GUARDS SOMETHING"),
        /** It did something that is not done now. */
        LOST("not carried over"),
        /** It was carried over, and something is different. */
        DIFFERENT("differs"),
        /** Relais does it by itself, or it is about what Relais has not. */
        NEEDLESS("not needed");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    private static final int LONGEST = 120;

    Note {
        directive = oneLine(directive);
        why = oneLine(why);
        file = oneLine(file);
    }

    /** Such as {@code site.conf:12}; empty for what stands at no line. */
    String place() {
        return line == 0 ? "" : file + ":" + line;
    }

    /** Without what would end a comment, or deceive whoever reads it in a terminal. */
    private static String oneLine(String text) {
        String line = text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\x{FFFE}\\x{FFFF}\\p{Cs}\\s]+", " ")
                .strip();
        return line.length() <= LONGEST * 2 ? line : line.substring(0, LONGEST * 2 - 3) + "...";
    }
}
