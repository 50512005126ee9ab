package dev.relais.functions;

import java.io.IOException;

/** The way of the functions from the directory into force, for the thread that switches generations. */
public interface Candidates {
    /** The registry in force. */
    FunctionRegistry current();

    /**
     * Loads the directory as it is now. With generations nothing is published; with files the registry follows the directory by itself,
     * and this is the one in force. Blocks. {@link #publish} or {@link #drop} is next.
     *
     * @throws IOException when the directory cannot be read, or {@code functions.yaml} is wrong
     */
    Candidate candidate() throws IOException;

    /** Whether the directory still is as this candidate has it. Blocks. @param codeOnly whether only files with code count */
    boolean isStill(Candidate candidate, boolean codeOnly) throws IOException;

    /** Puts a candidate in force. */
    void publish(Candidate candidate);

    /** Gives a candidate up: what is in force stays. */
    void drop(Candidate candidate);
}
