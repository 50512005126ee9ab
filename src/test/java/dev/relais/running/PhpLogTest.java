package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(RunningProfile.class)
class PhpLogTest extends RunningGateway {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(new PatternFormatter("%s").format(ExtLogRecord.wrap(line)));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        Logger.getLogger("dev.relais").addHandler(handler);
    }

    @AfterEach
    void stopListening() {
        Logger.getLogger("dev.relais").removeHandler(handler);
    }

    @Test
    void whatAFunctionLogsAppearsWithItsNameOnOneLine() throws IOException {
        assertEquals("logged", get("/api/log").text());

        await().until(() -> lines.contains("log: first line\\nforged \\u001b[31mline"));
    }

    @Test
    void whatAFunctionWritesToItsStandardErrorAppears() throws IOException {
        assertEquals("logged", get("/api/log").text());

        await().until(() -> lines.stream().anyMatch(line -> line.endsWith("from stderr")));
    }

    @Test
    void whyAScriptFailedIsInTheLog() throws IOException {
        get("/api/end?how=throw");

        await().until(() -> lines.stream()
                .anyMatch(line -> line.startsWith("end: PHP Fatal error") && line.contains("secret of the script")));
        assertTrue(lines.stream().noneMatch(line -> line.contains("\n")));
    }
}
