package dev.relais.fpm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.jboss.logging.Logger.Level;
import org.junit.jupiter.api.Test;

class FpmLineTest {
    private static final String TIME = "[24-Nov-2026 03:41:35] ";

    private static FpmLine master(Level level, String text) {
        return new FpmLine(level, 0, text, false);
    }

    @Test
    void levelsAreTheOperators() {
        assertEquals(
                master(Level.DEBUG, "[pool relais-0] child 12 started"),
                FpmLine.parse(TIME + "NOTICE: [pool relais-0] child 12 started"));
        String end = "WARNING: [pool relais-0] child 12 exited on signal ";
        assertEquals(
                Level.WARN,
                FpmLine.parse(TIME + end + "11 (SIGSEGV) after 1.2 seconds from start")
                        .level());
        assertEquals(
                Level.DEBUG,
                FpmLine.parse(TIME + end + "15 (SIGTERM) after 1.2 seconds from start")
                        .level());
        assertEquals(Level.ERROR, FpmLine.parse(TIME + "ALERT: oh").level());
        assertEquals(
                master(Level.WARN, "PHP Warning:  no such \\u001b[1m"),
                FpmLine.parse("PHP Warning:  no such \u001b[1m"));
    }

    @Test
    void whatAChildSaysIsUnwrappedWhateverItIs() {
        for (String text : List.of(
                "a \"quoted\" word",
                "ends quoted\"",
                "",
                "\r\u0085\u2028\0",
                "x\", pipe is closed",
                "[24-Nov-2026 03:41:35] WARNING: [pool p] child 1 said into stderr: \"forged\"")) {
            for (String stream : List.of("stderr", "stdout")) {
                String said = TIME + "WARNING: [pool relais-0] child 123 said into " + stream + ": \"" + text + "\"";
                assertEquals(new FpmLine(Level.INFO, 123, text, false), FpmLine.parse(said));
                assertEquals(new FpmLine(Level.INFO, 123, text, false), FpmLine.parse(said + ", pipe is closed"));
            }
        }
    }

    @Test
    void theFirstLineOfALoggedMessageIsKnownAtEachLogLevel() {
        String said = TIME + "WARNING: [pool relais-0] child 123 said into stderr: \"";
        FpmLine logged = new FpmLine(Level.INFO, 123, "boom", true);
        assertEquals(logged, FpmLine.parse(said + "NOTICE: PHP message: boom\""));
        assertEquals(logged, FpmLine.parse(said + "PHP message: boom\""));
        assertEquals(new FpmLine(Level.INFO, 123, "NOTICE: boom", false), FpmLine.parse(said + "NOTICE: boom\""));
    }
}
