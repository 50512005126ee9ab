package dev.relais.hurl;

/**
 * The body of a request, or the one that is expected of an answer.
 *
 * @param text what it is, with {@code {{variables}}}; or the name of a file, from the folder of the test on
 */
record Body(Kind kind, String text) {
    enum Kind {
        /** Compared by its value. */
        JSON,
        /** Compared as it is. */
        TEXT,
        /** The bytes of this file. */
        FILE
    }
}
