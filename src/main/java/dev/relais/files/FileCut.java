package dev.relais.files;

/** The file has become shorter since it was opened. A later request gets what is there then. */
final class FileCut extends FileUnavailable {
    private static final long serialVersionUID = 1;

    /** @param name of the file */
    FileCut(String name) {
        super(name + " was cut while it was read");
    }
}
