package dev.relais.functions;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The functions as the directory holds them now, which may be {@linkplain Functions#publish published} or given up. Immutable.
 *
 * @param tree the state of the directory, with which a later state is compared; null without generations, where nothing is
 *     compared
 * @param scripts the real paths of all PHP files in the directory, functions or not
 */
public record Candidate(FunctionRegistry registry, @Nullable Tree tree, List<Path> scripts) {
    public Candidate {
        scripts = List.copyOf(scripts);
    }
}
