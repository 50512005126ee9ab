package dev.relais.fuzzing;

import java.util.SplittableRandom;

/** Something that takes bytes from outside, and what must hold for all of them. One thread. */
public interface FuzzTarget extends AutoCloseable {
    /** What is attacked. */
    String name();

    /** The next input; all chance comes from {@code random}, so that its seed is the input. */
    byte[] input(SplittableRandom random);

    /**
     * Feeds one input.
     *
     * @param random for what is not input: the pieces it comes in, what a listener does
     * @return whether it was taken as valid; a refusal is as good, but a run in which all are refused tests little
     * @throws Exception or an AssertionError, when a property does not hold
     */
    boolean accepts(byte[] input, SplittableRandom random) throws Exception;

    @Override
    default void close() throws Exception {}

    /** For properties: unlike JUnit's, it builds no message while all is well. */
    static void check(boolean holds, String property) {
        if (!holds) {
            throw new AssertionError("does not hold: " + property);
        }
    }
}
