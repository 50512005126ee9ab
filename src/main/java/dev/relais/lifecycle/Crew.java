package dev.relais.lifecycle;

import dev.relais.functions.Candidate;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The workers of one generation, as a succession handles them. */
interface Crew {
    /** Of the generation. */
    int number();

    /** Every child of every worker has answered. */
    boolean isWhole();

    /** Why a master has ended or could not be started, in one line; null when none has. */
    @Nullable
    String failure();

    /** How many bytes of memory its processes use. Blocks shortly. */
    long memoryBytes();

    /**
     * Compiles the scripts and answers the declared calls. Blocks.
     *
     * @throws SwitchProblem when a call fails, or the time is over
     */
    void warmUp(Candidate candidate) throws SwitchProblem, InterruptedException;

    /** Answers the declared calls alone. Blocks. */
    void answerCalls(Candidate candidate) throws SwitchProblem, InterruptedException;

    /** Requests find its workers from now on, and those of no other generation. */
    void serve();

    /** It takes no more requests: idle children are let go, the others when what they run has ended. */
    void leave();

    /** After {@link #leave}: none of its scripts runs any more, as far as is known. Blocks shortly. */
    boolean isDrained();

    /** Children that still run something; after {@link #leave}. */
    int remaining();

    /** Ends its processes, and whatever they run. Blocks. @throws TimeoutException when that takes too long */
    void end() throws InterruptedException, TimeoutException;
}
