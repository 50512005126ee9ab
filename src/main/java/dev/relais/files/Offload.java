package dev.relais.files;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The threads on which files are looked up, opened and read, because each of these may block. The result or the failure is
 * handed over on an event loop. Work for which there is no thread fails with {@link FileUnavailable}. Any thread.
 */
interface Offload {
    /** Work that looks a file up and opens it. */
    interface Search<T> {
        /**
         * Looks the file up and opens it. Blocks.
         *
         * @param opening has to be called with each folder in which a file is about to be opened
         */
        T run(Opening opening) throws IOException;
    }

    /**
     * Runs a search, which fails with {@link FileUnavailable} when it takes too long.
     *
     * @param discard takes a result that comes after the search was given up
     * @param then takes the result or the failure, on the loop
     */
    <T> void open(Search<T> search, Consumer<T> discard, EventLoop loop, BiConsumer<T, Throwable> then);

    /**
     * Runs work that reads an open file.
     *
     * @param then takes the result or the failure, on the loop
     */
    <T> void read(Callable<T> work, EventLoop loop, BiConsumer<T, Throwable> then);
}
