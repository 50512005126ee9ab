package dev.relais.fastcgi;

import io.netty.channel.DefaultFileRegion;
import java.nio.channels.FileChannel;

/** A request body in a file. */
final class FileStdin implements Stdin {
    private final FileChannel file;
    private final long length;
    private long position;

    FileStdin(FileChannel file, long length) {
        this.file = file;
        this.length = length;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public Object next(int bytes) {
        position += bytes;
        return new DefaultFileRegion(file, position - bytes, bytes) {
            @Override
            protected void deallocate() {}
        };
    }
}
