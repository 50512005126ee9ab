package dev.relais.fuzzing;

import java.util.SplittableRandom;

/** Code that takes bytes from outside, and the properties that must hold for all of them. One thread. */
public interface FuzzTarget extends AutoCloseable {
    /** The name of the code under attack. */
    String name();

    /** The next input. All random choices come from {@code random}, so that its seed determines the input. */
    byte[] input(SplittableRandom random);

    /**
     * Feeds one input.
     *
     * @param random for random choices other than the input, such as the pieces it comes in and what a listener does
     * @return whether the input was accepted as valid; a refusal is no failure, but a run in which all are refused tests little
     * @throws Exception or an AssertionError, when a property does not hold
     */
    boolean accepts(byte[] input, SplittableRandom random) throws Exception;

    @Override
    default void close() throws Exception {}

    /** Asserts a property. Unlike JUnit's assertions it builds no message while the property holds. */
    static void check(boolean holds, String property) {
        if (!holds) {
            throw new AssertionError("does not hold: " + property);
        }
    }
}
