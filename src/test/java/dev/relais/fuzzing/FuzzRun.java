package dev.relais.fuzzing;

import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * A finished run of inputs from one seed, for all of which every property held.
 *
 * @param accepted how many inputs were accepted as valid
 */
public record FuzzRun(String target, long seed, long inputs, long accepted, long nanos) {
    private static final int SHOWN = 2_000;

    /** @throws AssertionError at the first input that breaks a property, with the seed that {@link #replay} takes */
    public static FuzzRun of(FuzzTarget target, long seed, long inputs) {
        SplittableRandom seeds = new SplittableRandom(seed);
        long start = System.nanoTime();
        long accepted = 0;
        for (long i = 0; i < inputs; i++) {
            accepted += replay(target, seeds.nextLong()) ? 1 : 0;
        }
        return new FuzzRun(target.name(), seed, inputs, accepted, System.nanoTime() - start);
    }

    /**
     * Runs one input.
     *
     * @return whether it was accepted
     */
    public static boolean replay(FuzzTarget target, long inputSeed) {
        SplittableRandom random = new SplittableRandom(inputSeed);
        byte[] input = target.input(random);
        try {
            return target.accepts(input, random);
        } catch (Exception | AssertionError | StackOverflowError e) {
            String hex = HexFormat.of().formatHex(input, 0, Math.min(SHOWN, input.length));
            throw new AssertionError(
                    "%s, input of seed %dL, %d bytes %s: %s".formatted(target.name(), inputSeed, input.length, hex, e),
                    e);
        }
    }
}
