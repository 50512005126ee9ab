package dev.relais.fastcgi;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** A request body in memory. */
final class BytesStdin implements Stdin {
    final ByteBuf bytes;

    BytesStdin(byte[] bytes) {
        this.bytes = Unpooled.wrappedBuffer(bytes);
    }

    @Override
    public long length() {
        return bytes.readableBytes();
    }

    @Override
    public Object next(int length) {
        return bytes.readRetainedSlice(length);
    }
}
