package dev.relais.lifecycle;

import java.util.List;

/** The generations of workers, as {@link Succession} uses them. */
interface Crews {
    /** The generation that serves now. */
    Crew serving();

    /** Starts the workers of another generation beside it, and returns at once. */
    Crew begin(int number);

    /** The generations that have processes and do not serve. */
    List<Crew> others();
}
