package dev.relais.functions;

import java.io.IOException;

/** Loads the functions from the directory and puts them in force, for the thread that switches generations. */
public interface Candidates {
    /** The registry in force. */
    FunctionRegistry current();

    /**
     * Loads the directory as it is now. With {@link Reload#GENERATIONS} nothing is published; with {@link Reload#FILES} the
     * registry follows the directory by itself, and the candidate is the one in force. Blocks. The caller then calls
     * {@link #publish} or {@link #drop}.
     *
     * @throws IOException when the directory cannot be read, or {@code functions.yaml} is wrong
     */
    Candidate candidate() throws IOException;

    /**
     * Whether the directory is still as it was when this candidate was loaded. Blocks.
     *
     * @param codeOnly whether only changes of code count
     */
    boolean isStill(Candidate candidate, boolean codeOnly) throws IOException;

    /** Puts a candidate in force. */
    void publish(Candidate candidate);

    /** Gives a candidate up. The functions in force stay. */
    void drop(Candidate candidate);
}
