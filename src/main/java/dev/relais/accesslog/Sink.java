package dev.relais.accesslog;

import java.io.IOException;

/** Where lines go. Its methods may block, and tell {@link Losses} of each line that is lost. Owned by the writer's thread. */
interface Sink {
    /** Called once, before all else. */
    void open() throws IOException;

    /** Takes a line with its end, which may be written later. */
    void add(Line line);

    /** Writes all that was taken. */
    void flush();

    /** Writes on in a file of the same name, which may be another one now. */
    default void reopen() {}

    void close();
}
