package dev.relais.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.NotifyReceiver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotifySocketTest {
    @TempDir
    Path directory;

    @Test
    void aNoticeReachesASocketAtAPathAndNamesThisProcessAsItsSender() throws Exception {
        reaches(directory.resolve("notify").toString());
    }

    @Test
    void aNoticeReachesASocketWithAnAbstractName() throws Exception {
        reaches("@relais-test-" + UUID.randomUUID());
    }

    private static void reaches(String address) throws Exception {
        try (NotifyReceiver receiver = NotifyReceiver.at(address);
                NotifySocket socket = NotifySocket.open(Map.of("NOTIFY_SOCKET", address))) {
            assertTrue(socket.send("READY=1\nSTATUS=für alle"));
            NotifyReceiver.Notice notice = receiver.next();
            assertEquals("READY=1\nSTATUS=für alle", notice.text());
            assertEquals(ProcessHandle.current().pid(), notice.pid());
        }
    }

    @Test
    void aNoticeThatIsTooLongIsCut() throws Exception {
        String address = directory.resolve("notify").toString();
        try (NotifyReceiver receiver = NotifyReceiver.at(address);
                NotifySocket socket = NotifySocket.open(Map.of("NOTIFY_SOCKET", address))) {
            assertTrue(socket.send("x".repeat(NotifySocket.LONGEST + 1)));
            assertEquals("x".repeat(NotifySocket.LONGEST), receiver.next().text());
        }
    }

    @Test
    void aManagerThatDoesNotReadIsSentNoMore() throws Exception {
        String address = directory.resolve("notify").toString();
        try (NotifyReceiver receiver = NotifyReceiver.at(address);
                NotifySocket socket = NotifySocket.open(Map.of("NOTIFY_SOCKET", address))) {
            receiver.pause(true);
            int sent = 0;
            while (socket.send("STATUS=" + sent)) { // net.unix.max_dgram_qlen ends it
                sent++;
            }
            receiver.pause(false);
            for (int i = 0; i < sent; i++) {
                assertEquals("STATUS=" + i, receiver.next().text());
            }
        }
    }

    @Test
    void aSocketThatIsGoneIsAFailure() throws Exception {
        String nowhere = directory.resolve("gone").toString();
        try (NotifySocket socket = NotifySocket.open(Map.of("NOTIFY_SOCKET", nowhere))) {
            assertThrows(IOException.class, () -> socket.send("READY=1"));
        }
    }

    @Test
    void withoutAServiceManagerThereIsNone() throws Exception {
        assertNull(NotifySocket.open(Map.of()));
        assertNull(NotifySocket.open(Map.of("NOTIFY_SOCKET", "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"notify", "@", "/", "vsock:2:1234"})
    void whatIsNoAddressIsAFailure(String address) {
        assertThrows(IOException.class, () -> NotifySocket.open(Map.of("NOTIFY_SOCKET", address)));
    }

    @Test
    void anAddressThatTheSystemCannotTakeIsAFailure() {
        String address = "/" + "x".repeat(200);
        assertThrows(IOException.class, () -> NotifySocket.open(Map.of("NOTIFY_SOCKET", address)));
    }
}
