package dev.relais.fastcgi;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/**
 * What END_REQUEST says on a connection that a resident application has opened, in its application status (FastCGI 1.0 section 5.5), by which
 * PHP-FPM gives an exit status that nobody needs.
 */
final class ResidentEnd {
    /** PHP has written messages to the connection by which its process was started, before this end. */
    private static final int MESSAGES = 1;

    /** The script ends, so that no further request may come. */
    private static final int LAST = 2;

    private ResidentEnd() {}

    static boolean hasMessages(int status) {
        return (status & MESSAGES) != 0;
    }

    /**
     * Has this done when the messages have been read that come by another connection: they are readable by now, and a turn of the loop reads
     * all that was readable when it began, so that they are read within two.
     */
    static void afterMessages(EventLoop loop, Runnable end) {
        // What a task schedules is run only after the loop has read once more; what it executes is run at once.
        loop.execute(() -> loop.schedule(end, 0, TimeUnit.NANOSECONDS));
    }

    static boolean isLast(int status) {
        return (status & LAST) != 0;
    }
}
