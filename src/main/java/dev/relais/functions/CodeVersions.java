package dev.relais.functions;

import org.jspecify.annotations.Nullable;

/** What the code of each function is, so that no answer of other code is given. Any thread; no call blocks. */
public interface CodeVersions {
    /** The same text for the same code, on any machine; null while it is not known, when nothing is kept or given. */
    @Nullable
    String version(PhpFunction function);

    /** Grows with each change that was noticed, so that an answer that began before it is not kept. */
    long epoch();

    /** Whether the code names a field by which answers are asked to be kept. */
    boolean mentionsCaching(PhpFunction function);
}
