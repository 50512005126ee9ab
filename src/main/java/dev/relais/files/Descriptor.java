package dev.relais.files;

import dev.relais.LimitedLog;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicInteger;

/** An open file that several may read at a time, each at places of its own. It is closed when nobody uses it any more. Any thread. */
final class Descriptor {
    private static final LimitedLog LOG = new LimitedLog(Descriptor.class);

    private final FileChannel channel;
    private final AtomicInteger users = new AtomicInteger(1); // 0: closed

    Descriptor(FileChannel channel) {
        this.channel = channel;
    }

    FileChannel channel() {
        return channel;
    }

    /**
     * Adds a user.
     *
     * @return false when it is closed already
     */
    boolean take() {
        for (int now = users.get(); now > 0; now = users.get()) {
            if (users.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    /** Removes a user; once for each. */
    void giveBack() {
        if (users.decrementAndGet() == 0) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.warn("File cannot be closed", "", "File cannot be closed: cause=%s", e);
            }
        }
    }
}
