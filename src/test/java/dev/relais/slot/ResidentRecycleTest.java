package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.RecordedExchange;
import dev.relais.fastcgi.ScriptedPeer;
import dev.relais.fastcgi.Wire;
import dev.relais.testing.Patience;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A child that may serve one request, and whose script ends after each. */
class ResidentRecycleTest extends ResidentFixture {
    @Override
    Recycling recycling() {
        return RecyclingTest.recycling(Map.of("requests", "1"), 1);
    }

    @Test
    void isReplacedThoughItsScriptEndsByItself() throws Exception {
        ScriptedPeer.Line inner = ready(boot());
        Process first = php;
        RecordedExchange answer = asks(inner);
        inner.answer(Wire.join(Wire.stdout("A: b\r\n\r\nlast"), Wire.end(2, 0)));
        assertNull(answer.await());
        assertTrue(first.waitFor(Patience.SECONDS, TimeUnit.SECONDS), "it is not ended");
    }
}
