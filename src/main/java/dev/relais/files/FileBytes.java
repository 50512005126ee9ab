package dev.relais.files;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** The bytes of a file, which never change and may be written to any number of clients; the collector takes them back. Any thread. */
final class FileBytes {
    private final ByteBuf bytes;

    /** @param bytes in the heap, which nobody changes */
    FileBytes(ByteBuf bytes) {
        this.bytes = bytes;
    }

    int length() {
        return bytes.readableBytes();
    }

    /** A part, which the caller may read and release. */
    ByteBuf part(long first, long length) {
        return Unpooled.unreleasableBuffer(bytes.slice((int) first, (int) length));
    }
}
