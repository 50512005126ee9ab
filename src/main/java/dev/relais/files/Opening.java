package dev.relais.files;

import java.nio.file.Path;

/** Is told where a file is about to be opened, so that a folder in which an open hung is left alone for a while. */
public interface Opening {
    /**
     * A file in this folder is about to be opened.
     *
     * @throws FileUnavailable when an open hung in this folder a short while ago
     */
    void enters(Path folder) throws FileUnavailable;
}
