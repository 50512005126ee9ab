package dev.relais.migration;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directive of a configuration of nginx, Apache or Caddy: a name, arguments, and perhaps a block of other directives.
 *
 * @param name as it is written
 * @param block null when it has none
 */
record Directive(String name, List<String> args, @Nullable List<Directive> block, Origin origin) {
    Directive {
        args = List.copyOf(args);
    }

    /** An argument by its index; empty when there are fewer. */
    String arg(int index) {
        return index < args.size() ? args.get(index) : "";
    }

    /** The arguments as one text. */
    String joined() {
        return String.join(" ", args);
    }

    boolean is(String other) {
        return name.equals(other);
    }

    /** What stands in its block; empty when it has none. */
    List<Directive> inside() {
        return block == null ? List.of() : block;
    }

    Stream<Directive> inside(String named) {
        return inside().stream().filter(one -> one.is(named));
    }

    @Override
    public String toString() {
        return origin.text();
    }
}
