package dev.relais.lifecycle;

import dev.relais.functions.Candidate;
import dev.relais.functions.Candidates;
import dev.relais.functions.FunctionRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Functions that record what is done to them, and whose directory changes as often as a test says. */
final class ScriptedFunctions implements Candidates {
    private final List<String> order;
    private final FunctionRegistry registry = FunctionRegistry.empty();
    IOException unreadable; // null: it can be read
    int changes; // so many of the next looks find a changed directory
    boolean onlyCodeStays; // each of those finds the same code

    ScriptedFunctions(List<String> order) {
        this.order = order;
    }

    @Override
    public FunctionRegistry current() {
        return registry;
    }

    @Override
    public Candidate candidate() throws IOException {
        order.add("load");
        if (unreadable != null) {
            throw unreadable;
        }
        return new Candidate(registry, null, List.of(Path.of("/functions/hello.php")));
    }

    @Override
    public boolean isStill(Candidate candidate, boolean codeOnly) {
        if (changes == 0 || codeOnly && onlyCodeStays) {
            return true;
        }
        changes--;
        return false;
    }

    @Override
    public void publish(Candidate candidate) {
        order.add("publish");
    }

    @Override
    public void drop(Candidate candidate) {
        order.add("drop");
    }
}
