package dev.relais.lifecycle;

import java.util.List;

/** The generations of workers, as a succession handles them. */
interface Crews {
    /** Which serves now. */
    Crew serving();

    /** Starts the workers of another one beside it, and returns at once. */
    Crew begin(int number);

    /** Those that have processes and do not serve. */
    List<Crew> others();
}
