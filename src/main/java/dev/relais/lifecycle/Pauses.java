package dev.relais.lifecycle;

/** Time, for what looks again and again at what other threads count. */
interface Pauses {
    /** The JVM's. */
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

    /** Until the next look. A switch takes hundreds of milliseconds; a signal for each count would need more code. */
    long STEP_MILLIS = 5;

    /** As {@link System#nanoTime}. */
    long nanos();

    /** Waits until the next look. */
    void step() throws InterruptedException;
}
