package dev.relais.functions;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The functions as the directory has them now, to be {@linkplain Functions#publish published} or not. Immutable.
 *
 * @param tree by which a later look tells whether the directory has changed; null without generations, where nobody asks
 * @param scripts the real paths of all PHP files in the directory, functions or not
 */
public record Candidate(FunctionRegistry registry, @Nullable Tree tree, List<Path> scripts) {
    public Candidate {
        scripts = List.copyOf(scripts);
    }
}
