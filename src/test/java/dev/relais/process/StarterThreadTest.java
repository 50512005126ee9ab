package dev.relais.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Niceness;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StarterThreadTest {
    private final ProcessStarter starter = new StarterThread();

    private static <T> T inANicerThread(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(() -> {
            Niceness.add(Niceness.ownThread(), 5);
            return work.call();
        });
        new Thread(task, "nicer").start();
        return task.get();
    }

    private static int started(ProcessStarter by) throws Exception {
        Process process = by.start(new ProcessBuilder("sleep", "60"));
        try {
            return Niceness.of(Path.of("/proc/" + process.pid()));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aProcessIsAsNiceAsTheGatewayWhoeverAsksForIt() throws Exception {
        int usual = started(starter);

        assertEquals(usual, inANicerThread(() -> started(starter)));
        assertTrue(inANicerThread(() -> started(ProcessBuilder::start)) > usual, "else this test shows nothing");
    }

    @Test
    void whatCannotBeStartedIsToldToTheCaller() {
        assertThrows(IOException.class, () -> starter.start(new ProcessBuilder("/no/such/program")));
        assertThrows(IndexOutOfBoundsException.class, () -> starter.start(new ProcessBuilder()));
    }

    @Test
    void anInterruptedCallerStillGetsTheProcess() throws Exception {
        Thread.currentThread().interrupt();
        Process process = starter.start(new ProcessBuilder("sleep", "60"));
        assertTrue(Thread.interrupted());
        assertTrue(process.isAlive());
        process.destroyForcibly();
    }
}
