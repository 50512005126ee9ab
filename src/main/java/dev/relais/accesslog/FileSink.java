package dev.relais.accesslog;

import dev.relais.LogText;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Appends lines to a file. One that has become too large is renamed, to {@code name.1}, and what was put aside before counts up; so many of
 * them are kept.
 */
final class FileSink extends ChannelSink {
    private static final Logger LOG = Logger.getLogger(FileSink.class);
    private static final int BUFFER = 64 << 10;

    private final Path file;
    private final long most;
    private final int kept;
    private @Nullable FileChannel channel; // null until it is open
    private long next; // the size at which the file is put aside

    /**
     * @param most from how many bytes on the file is put aside; 0: never
     * @param kept how many files that were put aside stay
     */
    FileSink(Path file, long most, int kept, Losses losses) {
        super(BUFFER, losses);
        this.file = file.toAbsolutePath();
        this.most = most;
        this.kept = kept;
    }

    @Override
    public void open() throws IOException {
        FileChannel opened = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        if (channel != null) {
            channel.close();
        }
        channel = opened;
        next = most > 0 && Files.isRegularFile(file) ? most : Long.MAX_VALUE;
    }

    @Override
    WritableByteChannel channel() throws IOException {
        if (channel == null) {
            throw new IOException("it is not open");
        }
        return channel;
    }

    @Override
    void written(int bytes) {
        if (next == Long.MAX_VALUE || channel == null) {
            return;
        }
        try {
            long size = channel.size();
            if (size >= next) {
                next = size + most; // unless it can be put aside
                putAside();
                open();
            }
        } catch (IOException e) {
            LOG.warnf("Access log cannot be put aside: file=%s cause=%s", LogText.value(file), LogText.value(e));
        }
    }

    private void putAside() throws IOException {
        if (!Files.exists(file)) {
            return; // somebody has moved it away, or its successor could not be opened after it was put aside
        }
        if (kept == 0) {
            Files.deleteIfExists(file);
            return;
        }
        for (int i = kept - 1; i > 0; i--) {
            if (Files.exists(aside(i))) {
                Files.move(aside(i), aside(i + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.move(file, aside(1), StandardCopyOption.REPLACE_EXISTING);
    }

    private Path aside(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    @Override
    public void reopen() {
        flush();
        try {
            open();
            LOG.infof("Access log is reopened: file=%s", LogText.value(file));
        } catch (IOException e) {
            LOG.warnf(
                    "Access log cannot be reopened and goes on as it was: file=%s cause=%s",
                    LogText.value(file), LogText.value(e));
        }
    }

    @Override
    public void close() {
        flush();
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.warnf("Access log cannot be closed: file=%s cause=%s", LogText.value(file), LogText.value(e));
        }
    }
}
