package dev.relais.lifecycle;

import dev.relais.functions.FunctionRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The generations of workers, as {@link Succession} uses them. */
interface Crews {
    /** The generation that serves now. */
    Crew serving();

    /**
     * Starts the workers of another generation beside it, and returns at once.
     *
     * @param preload scripts that its masters preload, each with a class that it declares
     */
    Crew begin(int number, Map<Path, String> preload) throws IOException, SwitchProblem;

    /** Generations that begin from now on are for these functions: their masters are told of the sites, and there is one of each pool. Blocks. */
    default void tell(FunctionRegistry coming) {}

    /**
     * The generation of {@link #tell} does not come: masters that are restarted are to be told what those in force are. Blocks.
     */
    default void tellAgain(FunctionRegistry inForce) {}

    /** What the pools of these functions need beyond those that serve, in bytes. Blocks. */
    default long addedBytes(FunctionRegistry coming) {
        return 0;
    }

    /** The generations that have processes and do not serve. */
    List<Crew> others();
}
