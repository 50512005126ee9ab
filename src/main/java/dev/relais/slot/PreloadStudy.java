package dev.relais.slot;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds out in a worker which of the scripts that it has used can be preloaded by its successors, by requests that each work for a short
 * time. For one thread, which may block.
 */
public interface PreloadStudy {
    /** The next request, which the caller releases; null when all is known. */
    @Nullable
    ByteBuf next() throws IOException;

    /** Takes the body of the answer to the last one, or why there was none. */
    void take(String reply);

    /** The scripts to preload, each with a class that it declares; empty when there are none, or the study broke off. */
    Map<Path, String> admitted();
}
