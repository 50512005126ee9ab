package dev.relais.fastcgi;

import io.netty.channel.EventLoop;

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
     * Has this done at once, or, when messages come by another connection, when they have been read: they are readable by now, and a turn of
     * the loop reads all that was readable when it began.
     */
    static void after(boolean messages, EventLoop loop, Runnable end) {
        if (messages) {
            loop.execute(() -> loop.execute(end));
        } else {
            end.run();
        }
    }

    static boolean isLast(int status) {
        return (status & LAST) != 0;
    }
}
