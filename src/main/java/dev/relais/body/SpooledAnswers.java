package dev.relais.body;

import dev.relais.http.KeptFile;
import dev.relais.http.KeptFiles;
import dev.relais.system.OpenFiles;
import io.netty.buffer.ByteBuf;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Kept answers in files of the {@link Spool}, each also mapped into memory. A file is closed, and its space given back, when the collector
 * has found that nobody can send it any more. Any thread.
 */
@Singleton
final class SpooledAnswers implements KeptFiles {
    /** Of the files that this process may have open, connections need the most. */
    private static final int PART = 16;

    private static final int MOST_OPEN = 4_096;

    private final Spool spool;
    private final int most;
    private final AtomicInteger open = new AtomicInteger();
    private final Cleaner cleaner = Cleaner.create();

    @Inject
    SpooledAnswers(Spool spool) {
        this(spool, (int) Math.min(MOST_OPEN, OpenFiles.limit() / PART));
    }

    /** @param most the most files that are open */
    SpooledAnswers(Spool spool, int most) {
        this.spool = spool;
        this.most = most;
    }

    @Override
    public void copy(ByteBuf bytes, Consumer<KeptFile> then) {
        if (open.get() < most && spool.takes(bytes.readableBytes())) {
            spool.work(() -> {
                then.accept(written(bytes));
                return null;
            });
        }
    }

    private KeptFile written(ByteBuf bytes) throws IOException {
        int length = bytes.readableBytes();
        FileChannel channel = null;
        try {
            channel = spool.open();
            KeptFile file = new KeptFile(channel, mapped(channel, bytes));
            open.incrementAndGet();
            FileChannel closed = channel;
            cleaner.register(file, () -> {
                open.decrementAndGet();
                spool.close(closed, length);
            });
            return file;
        } catch (IOException e) {
            if (channel == null) {
                spool.giveBack(length);
            } else {
                spool.close(channel, length);
            }
            throw spool.failed(e);
        }
    }

    /** It is written before it is mapped: a full disk would else end this process when it is written through the mapping. */
    private static ByteBuffer mapped(FileChannel file, ByteBuf bytes) throws IOException {
        for (ByteBuffer part : bytes.nioBuffers()) {
            while (part.hasRemaining()) {
                file.write(part);
            }
        }
        return file.map(FileChannel.MapMode.READ_ONLY, 0, bytes.readableBytes());
    }
}
