package dev.relais.lifecycle;

import dev.relais.OutOfMemory;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Makes {@link OutOfMemory} end the process, with the exit code of {@code -XX:+ExitOnOutOfMemoryError}, and passes it every
 * failure that is logged anywhere. The service manager that started the process has to start it again; the guard ends the PHP
 * processes.
 */
final class MemoryEnd extends Handler {
    private static final int EXIT_CODE = 3;

    private MemoryEnd() {}

    static void install() {
        OutOfMemory.onRunOut(failure -> {
            System.err.println("relais: memory has run out, ending: " + failure);
            Runtime.getRuntime().halt(EXIT_CODE);
        });
        Logger.getLogger("").addHandler(new MemoryEnd());
    }

    @Override
    public void publish(LogRecord line) {
        OutOfMemory.mind(line.getThrown());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
