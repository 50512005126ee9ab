package dev.relais.lifecycle;

import dev.relais.functions.Candidate;
import dev.relais.functions.FunctionRegistry;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The workers of one generation, as {@link Succession} uses them. */
interface Crew {
    /** The number of the generation. */
    int number();

    /** Whether every child of every worker has answered. */
    boolean isWhole();

    /** Why a master has ended or could not be started, in one line; null when none has. */
    @Nullable
    String failure();

    /**
     * How many bytes of memory another generation would need, by what the processes of this one use; less when it will have fewer
     * children. Blocks for a short time.
     */
    long memoryBytes();

    /**
     * Compiles the scripts and answers the declared calls. Blocks.
     *
     * @throws SwitchProblem when a call fails, or the time is over
     */
    void warmUp(Candidate candidate) throws SwitchProblem, InterruptedException;

    /** Answers the declared calls alone. Blocks. */
    void answerCalls(Candidate candidate) throws SwitchProblem, InterruptedException;

    /**
     * Learns what the masters of the next generation can preload of what this one has used. Blocks.
     *
     * @param now the functions in force
     * @param next those of the next generation
     * @return scripts, each with a class that it declares; empty when no function wants it, or nothing could be learned
     */
    Map<Path, String> learn(FunctionRegistry now, Candidate next) throws InterruptedException;

    /** From now on requests go to the workers of this generation only. */
    void serve();

    /**
     * The generation takes no more requests. The connections of idle children are closed, and those of the others when what
     * they run has ended.
     */
    void leave();

    /** After {@link #leave}: whether no script of it is known to run any more. Blocks for a short time. */
    boolean isDrained();

    /** After {@link #leave}: the number of children that still run something. */
    int remaining();

    /**
     * Ends its processes, and whatever they run. Blocks.
     *
     * @throws TimeoutException when that takes too long
     */
    void end() throws InterruptedException, TimeoutException;
}
