package dev.relais.http;

import io.netty.channel.DefaultFileRegion;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The bytes of a kept answer in a file without a name, which is open as long as anybody has this object: from there the kernel sends them
 * without copying them. Any thread.
 */
public final class KeptFile {
    private final FileChannel channel;
    private final ByteBuffer bytes;

    /**
     * @param channel open
     * @param bytes all bytes of the file, which do not change
     */
    public KeptFile(FileChannel channel, ByteBuffer bytes) {
        this.channel = channel;
        this.bytes = bytes;
    }

    /** The bytes in memory, for where the kernel cannot send the file. */
    public ByteBuffer bytes() {
        return bytes.duplicate();
    }

    Region region() {
        return new Region(this);
    }

    /** All bytes on their way. It leaves the file open, and keeps it from being closed. */
    static final class Region extends DefaultFileRegion {
        @SuppressWarnings("unused") // what nobody has any more is closed
        private final KeptFile file;

        private Region(KeptFile file) {
            super(file.channel, 0, file.bytes.limit());
            this.file = file;
        }

        @Override
        protected void deallocate() {}
    }
}
