package dev.relais.fpm;

import dev.relais.LogText;
import dev.relais.fastcgi.MessageBytes;
import dev.relais.process.ChildOutput;
import dev.relais.slot.RunHistory;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One FIFO of the run directory, by which one child at a time writes its standard error. It is held open for reading and writing, so that
 * it never ends, and read only as far as something is in it. What stands in it are lines, and FPM's marks: each request's end, and the
 * {@link ErrorFunction}'s for the end of the proof. Any thread; reading never waits for a child.
 */
final class ErrorPipe {
    private static final Logger LOG = Logger.getLogger(ErrorPipe.class);
    /** What a child writes to its standard error at a request's end: FPM_STDIO_CMD_FLUSH in fpm_stdio.c, with its NUL. */
    private static final byte[] RUN_ENDED = {0, 'f', 's', 'c', 'f', 0};

    private final Path path;
    private final byte[] proof; // what ErrorFunction writes: the run's end that follows is that of the proof
    private final ChildOutput output;
    private final RunHistory.Reader reader;
    private volatile long child; // that uses it, or did last; 0: none has
    private volatile RunHistory history = RunHistory.NONE;
    private volatile @Nullable Object key; // of the file that is open
    // Guarded by this:
    private volatile @Nullable RandomAccessFile file; // null: not open
    private @Nullable FileInputStream in;
    private boolean closed;
    private final MessageBytes line = new MessageBytes();
    private byte[] mark = RUN_ENDED; // that has begun
    private int matched; // bytes of it
    private boolean proves; // the next run's end is that of a proof
    private boolean proven; // the child's proof has been read; what came before it was written by others

    /** @param nonce of the proof's mark, which no script learns of: a forged mark would move all later lines to other runs */
    ErrorPipe(Path path, String nonce, ChildOutput output, RunHistory.Reader reader) {
        this.path = path;
        this.proof = ("\0open" + nonce + '\0').getBytes(StandardCharsets.US_ASCII);
        this.output = output;
        this.reader = reader;
    }

    Path path() {
        return path;
    }

    /**
     * Opens it if it is not open. Event loops call this and {@link #use}, so neither waits for what is being read, which goes to the log.
     *
     * @return whether a child can write to it
     */
    boolean open() {
        return file == null ? openFirst() : isStillThere();
    }

    /** A script of the same user can put another file in its place. */
    private boolean isStillThere() {
        try {
            return attributes().fileKey().equals(key);
        } catch (IOException e) {
            LOG.debugf("Pipe is gone: path=%s cause=%s", LogText.value(path), LogText.value(e));
            return false;
        }
    }

    private synchronized boolean openFirst() {
        try {
            if (file == null && !closed && attributes().isOther()) {
                RandomAccessFile opened = new RandomAccessFile(path.toFile(), "rw");
                key = attributes().fileKey();
                in = new FileInputStream(opened.getFD());
                file = opened;
            }
        } catch (IOException e) {
            LOG.debugf("Pipe cannot be opened: path=%s cause=%s", LogText.value(path), LogText.value(e));
        }
        return file != null;
    }

    private BasicFileAttributes attributes() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * This child writes to it from now on.
     *
     * @return what its runs are to be told to
     */
    RunHistory use(long pid) {
        RunHistory runs = history;
        if (child != pid) {
            runs = new RunHistory(reader);
            history = runs;
            child = pid;
        }
        return runs;
    }

    /** Whether more is to be expected soon. */
    boolean isUnread() {
        return history.isUnread();
    }

    /**
     * Reads what is in it, as far as it fits into the buffer.
     *
     * @return how many bytes that was
     */
    synchronized int read(byte[] buffer) {
        FileInputStream open = in;
        if (open == null || child == 0) {
            return 0; // nobody could say who writes
        }
        long ended = history.ended();
        try {
            int there = open.available();
            int count = there == 0 ? 0 : open.read(buffer, 0, Math.min(there, buffer.length));
            for (int i = 0; i < count; i++) {
                take(buffer[i]);
            }
            if (count < buffer.length) {
                history.pipeIsEmpty(ended);
            }
            return count;
        } catch (IOException e) {
            LOG.debugf("Pipe cannot be read: path=%s cause=%s", LogText.value(path), LogText.value(e));
            return 0;
        }
    }

    /** The child has ended: what has no line break yet is a line. */
    synchronized void endLine() {
        for (int i = 0; i < matched; i++) {
            line.add(mark[i]);
        }
        matched = 0;
        proves = false;
        give();
        proven = false;
    }

    private void take(byte b) {
        if (matched == 1) {
            mark = b == proof[1] ? proof : RUN_ENDED;
        }
        if (matched > 0 && b == mark[matched]) {
            if (++matched == mark.length) {
                matched = 0;
                give();
                marked();
            }
            return;
        }
        for (int i = 0; i < matched; i++) {
            line.add(mark[i]);
        }
        matched = b == 0 ? 1 : 0;
        if (b == '\n') {
            give();
        } else if (b != 0) {
            line.add(b);
        }
    }

    private void marked() {
        if (mark == proof) {
            proves = true;
            proven = true;
        } else if (proves) {
            proves = false;
        } else {
            history.markRead();
            try {
                output.runEnded(child);
            } catch (RuntimeException e) {
                LOG.warnf(e, "End of a child's run was not passed on: child=%d", child);
            }
        }
    }

    private void give() {
        if (line.isEmpty()) {
            return;
        }
        try {
            FpmLine said = FpmLine.said(child, line.text());
            output.line(child, proven ? history.function() : null, said.text(), said.logged());
        } catch (RuntimeException e) {
            // Whatever a listener throws, the pipe must be read on.
            LOG.warnf(e, "Line of a child was lost: child=%d", child);
        } finally {
            line.clear();
        }
    }

    /** Closes it for good, and deletes it. */
    synchronized void close() {
        closed = true;
        try {
            RandomAccessFile open = file;
            if (open != null) {
                open.close();
                file = null;
                in = null;
            }
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.debugf("Pipe cannot be closed: path=%s cause=%s", LogText.value(path), LogText.value(e));
        }
    }
}
