package dev.relais.lifecycle;

/** The clock and the pauses of code that polls what other threads do. */
interface Pauses {
    /** The clock and the pauses of the JVM. */
    Pauses REAL = new Pauses() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void step() throws InterruptedException {
            Thread.sleep(STEP_MILLIS);
        }
    };

    /**
     * The pause until the next look. A switch takes hundreds of milliseconds, so that polling is precise enough and needs less
     * code than signals.
     */
    long STEP_MILLIS = 5;

    /** The time, as {@link System#nanoTime}. */
    long nanos();

    /** Waits until the next look. */
    void step() throws InterruptedException;
}
