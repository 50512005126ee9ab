package dev.relais.http;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Moves bodies that are kept for long out of the memory of this process. Any thread. */
public interface KeptFiles {
    /**
     * Copies bytes into a file of their own, without waiting for it.
     *
     * @param bytes never change, and are not released
     * @param then given the file's bytes, on a worker thread; not called when there is no room for them
     */
    void copy(ByteBuf bytes, Consumer<ByteBuffer> then);
}
