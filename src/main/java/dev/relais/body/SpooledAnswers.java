package dev.relais.body;

import dev.relais.http.KeptFiles;
import io.netty.buffer.ByteBuf;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Kept answers in files of the {@link Spool}. Each is mapped into memory and then closed, so that it costs no open file, and the kernel
 * may write its pages out. A file's space is given back when the collector has found that nobody can read it any more. Any thread.
 *
 * <p>They are written to clients as other bytes are. The kernel would send the files with more work: a hit of 256 KiB took 59 us by
 * sendfile and 29 us from memory (2026-11-29, src/bench/cached).
 */
@Singleton
final class SpooledAnswers implements KeptFiles {
    /** A process has 65,530 mappings at most by default (vm.max_map_count), and needs some for all else. */
    private static final int MOST = 16_384;

    private final Spool spool;
    private final int most;
    private final AtomicInteger mappings = new AtomicInteger();
    private final Cleaner cleaner = Cleaner.create();

    @Inject
    SpooledAnswers(Spool spool) {
        this(spool, MOST);
    }

    /** @param most the most files that are mapped */
    SpooledAnswers(Spool spool, int most) {
        this.spool = spool;
        this.most = most;
    }

    @Override
    public void copy(ByteBuf bytes, Consumer<ByteBuffer> then) {
        int length = bytes.readableBytes();
        if (mappings.get() < most && spool.takes(length)) {
            spool.work(() -> {
                then.accept(written(bytes, length));
                return null;
            });
        }
    }

    private ByteBuffer written(ByteBuf bytes, int length) throws IOException {
        try {
            MappedByteBuffer mapped = mapped(bytes, length);
            mappings.incrementAndGet();
            cleaner.register(mapped, () -> {
                mappings.decrementAndGet();
                spool.giveBack(length);
            });
            return mapped;
        } catch (IOException e) {
            spool.giveBack(length);
            throw spool.failed(e);
        }
    }

    /** It is written before it is mapped: a full disk would else end this process when it is written through the mapping. */
    private MappedByteBuffer mapped(ByteBuf bytes, int length) throws IOException {
        try (FileChannel file = spool.open()) {
            for (ByteBuffer part : bytes.nioBuffers()) {
                while (part.hasRemaining()) {
                    file.write(part);
                }
            }
            return file.map(FileChannel.MapMode.READ_ONLY, 0, length);
        }
    }
}
