package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Children write past their masters, as they do where PHP has FFI. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class PhpLogTest extends PhpLogCases {
    /** Two functions take turns on the same children, so that each line is read when its child has long run something else. */
    @Test
    void aLineHasTheFunctionThatWroteIt() throws Exception {
        int each = 300;
        ExecutorService clients = Executors.newFixedThreadPool(4);
        try {
            List<Future<Void>> asked = IntStream.range(0, 4)
                    .mapToObj(client -> clients.submit(() -> {
                        for (int i = 0; i < each; i++) {
                            get(i % 2 == 0 ? "/api/log" : "/api/say?to=stderr&n=0");
                        }
                        return (Void) null;
                    }))
                    .toList();
            for (Future<Void> one : asked) {
                one.get();
            }
        } finally {
            clients.shutdownNow();
        }
        await().until(() -> count("from stderr", "log") == 2 * each && count("beginend", "say") == 2 * each);
        assertEquals(2 * each, times("message=from stderr"));
        assertEquals(2 * each, times("message=beginend"));
    }

    private long count(String message, String function) {
        return lines.lines()
                .filter(line -> line.matches("PHP: function=" + function + " worker=\\d child=\\d+ message=" + message))
                .count();
    }

    @Test
    void noChildWritesToItsMaster() throws IOException {
        for (int i = 0; i < 20; i++) {
            assertTrue(get("/api/say?to=where").text().endsWith(".err"));
        }
    }

    @Override
    int mostAtDeath() {
        return 200_000;
    }
}
