package dev.relais.output;

import java.io.IOException;

/** Where what has waited in a queue is written. Its methods are called by the writer's thread, and may block. */
public interface Output<E> {
    /**
     * Called once, before all else.
     *
     * @throws IOException when nothing can be written there
     */
    void open() throws IOException;

    /** Takes one, which may be written later. */
    void write(E one);

    /** Writes all that was taken. Called after each turn, also after one in which there was nothing. */
    void flush();

    /** Writes on in a file of the same name, which may be another one now. */
    default void reopen() {}

    /** Called once, after all else. */
    void close();

    /** A turn was ended by this exception or error, which is a fault of Relais; what it concerns is lost. */
    void failed(Throwable fault);
}
