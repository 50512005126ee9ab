package dev.relais.fastcgi;

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

    static boolean isLast(int status) {
        return (status & LAST) != 0;
    }
}
