package dev.relais.testing;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FreePortsTest {
    @Test
    void noneIsGivenOutTwice() {
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            assertTrue(given.add(FreePorts.next()));
        }
    }

    /** As it may also be that of another JVM. */
    @Test
    void oneOnWhichSomebodyListensIsPassedOver() throws Exception {
        int next = FreePorts.next() + 1;
        try (ServerSocket taken = new ServerSocket(next, 1, InetAddress.getLoopbackAddress())) {
            assertNotEquals(taken.getLocalPort(), FreePorts.next());
        }
    }
}
