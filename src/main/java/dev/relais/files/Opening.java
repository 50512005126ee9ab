package dev.relais.files;

import java.nio.file.Path;

/** Is called before a file is opened, so that nothing is opened for a while in a folder in which an open hung. */
interface Opening {
    /**
     * A file in this folder is about to be opened.
     *
     * @throws FileUnavailable when an open hung in this folder a short while ago
     */
    void enters(Path folder) throws FileUnavailable;
}
