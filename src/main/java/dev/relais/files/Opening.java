package dev.relais.files;

import java.io.IOException;
import java.nio.file.Path;

/** The search for a file and its open, on a thread of {@link FileThreads}: it says where it is about to open something. */
public interface Opening {
    /** What finds and opens a file. */
    interface Work<T> {
        /** Blocks. */
        T run(Opening opening) throws IOException;
    }

    /**
     * Something in this folder is about to be opened.
     *
     * @throws FileThreads.Unavailable when an open hung there a short while ago
     */
    void enters(Path folder) throws FileThreads.Unavailable;
}
