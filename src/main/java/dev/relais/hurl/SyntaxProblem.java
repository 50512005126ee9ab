package dev.relais.hurl;

/** A line of a file that is no line of the format, or of a part of it that is not known here. */
final class SyntaxProblem extends Exception {
    private static final long serialVersionUID = 1;

    /** @param line counted from 1 */
    SyntaxProblem(int line, String problem) {
        super("line " + line + ": " + problem, null, false, false);
    }
}
