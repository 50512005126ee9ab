package dev.relais.process;

import org.jspecify.annotations.Nullable;

/**
 * Describes the exit status of a process as a shell and {@link Process#exitValue} give it, which is 128 plus the number of the
 * signal that has ended the process.
 */
public final class ExitStatus {
    private static final int BY_SIGNAL = 128;

    private ExitStatus() {}

    /** The status as text, such as {@code 70}, or {@code 134 (SIGABRT)}, with which PHP 8.6 ends when it gets no memory. */
    public static String describe(int status) {
        String signal = signal(status - BY_SIGNAL);
        return signal == null ? Integer.toString(status) : status + " (" + signal + ")";
    }

    /** The name of a signal by which programs end on Linux; null for other numbers. */
    private static @Nullable String signal(int number) {
        return switch (number) {
            case 1 -> "SIGHUP";
            case 2 -> "SIGINT";
            case 3 -> "SIGQUIT";
            case 4 -> "SIGILL";
            case 5 -> "SIGTRAP";
            case 6 -> "SIGABRT";
            case 7 -> "SIGBUS";
            case 8 -> "SIGFPE";
            case 9 -> "SIGKILL";
            case 11 -> "SIGSEGV";
            case 13 -> "SIGPIPE";
            case 15 -> "SIGTERM";
            case 24 -> "SIGXCPU";
            case 25 -> "SIGXFSZ";
            case 31 -> "SIGSYS";
            default -> null;
        };
    }
}
