package dev.relais.process;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The end of a child, which its master writes in one line of its log when it has reaped the child. That is the earliest and
 * most reliable sign. The connection is less reliable, since a process that a script has left in the background may hold it
 * open.
 *
 * @param pid the child
 * @param how such as {@code on signal 6 (SIGABRT)} or {@code with code 3}
 */
public record ChildExit(long pid, String how) {
    /** The form of the line, which has been the same since PHP 5.3 ({@code fpm_children_bury} in fpm_children.c). */
    private static final Pattern LINE = Pattern.compile(
            "\\[pool [^]]+] child (\\d{1,10}) exited (on signal \\d+ \\([^)]*\\)|with code \\d+) after .*");

    /**
     * @param text a line of the master, without time and level
     * @return null when the line is about something else
     */
    public static @Nullable ChildExit parse(String text) {
        Matcher line = LINE.matcher(text);
        return line.matches() ? new ChildExit(Long.parseLong(line.group(1)), line.group(2)) : null;
    }

    /** Whether a signal ended it, in which case its master writes a warning. */
    public boolean isCrash() {
        return how.startsWith("on signal");
    }
}
