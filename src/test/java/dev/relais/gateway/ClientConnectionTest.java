package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientConnectionTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ClientConnection connection = ClientConnection.of(channel);
    private final List<String> gone = new ArrayList<>();

    private ClientConnection.Request begin(String name) {
        ClientConnection.Request request = new ClientConnection.Request(() -> gone.add(name));
        connection.add(request);
        return request;
    }

    @Test
    void isOneForItsChannel() {
        assertSame(connection, ClientConnection.of(channel));
    }

    @Test
    void tellsThoseUnderWayWhenItCloses() {
        ClientConnection.Request first = begin("first");
        begin("second");
        ClientConnection.Request third = begin("third");
        begin("fourth");
        connection.remove(third);
        connection.remove(first);
        connection.remove(first);
        channel.close();
        channel.runPendingTasks();

        assertEquals(List.of("fourth", "second"), gone);
    }

    @Test
    void doesNotTellWhoClosesItInTheMiddleOfItsOwnWork() {
        ClientConnection.Request closing = begin("closing");
        channel.eventLoop().execute(() -> {
            channel.close();
            connection.remove(closing);
        });
        channel.runPendingTasks();

        assertEquals(List.of(), gone);
    }

    @Test
    void tellsEachWhenOneOfThemEndsAnother() {
        ClientConnection.Request first = begin("first");
        ClientConnection.Request second = new ClientConnection.Request(() -> connection.remove(first));
        connection.add(second);
        channel.close();
        channel.runPendingTasks();

        assertEquals(List.of(), gone);
    }
}
