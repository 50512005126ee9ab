package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Patience;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An application that never finishes its boot. */
class ResidentHangTest extends ResidentFixture {
    @Override
    long bootMillis() {
        return 50;
    }

    @Test
    void isEndedAndTriedAgain() throws Exception {
        Boot boot = boot();
        Process hangs = php;
        assertTrue(hangs.waitFor(Patience.SECONDS, TimeUnit.SECONDS), "it is not ended");
        renewProcess();
        boot.outer().cut(); // as the kernel does
        boot();
        assertTrue(facts.lastFailure().reason().contains("start-timeout"), facts.lastFailure()::reason);
    }
}
