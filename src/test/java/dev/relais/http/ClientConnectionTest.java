package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
    @SuppressWarnings("deprecation") // the event loop group, as Vert.x makes it
    void doesNotTellWhoClosesItInTheMiddleOfItsOwnWork() throws InterruptedException {
        EventLoopGroup group = new NioEventLoopGroup(1);
        try {
            Channel real = new NioDatagramChannel();
            group.register(real).sync();
            ClientConnection.Request closing = new ClientConnection.Request(() -> gone.add("closing"));
            group.submit(() -> {
                        ClientConnection.of(real).add(closing);
                        real.close();
                        ClientConnection.of(real).remove(closing);
                    })
                    .sync();
            group.submit(() -> assertEquals(List.of(), gone)).sync(); // behind what the close has left to do
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
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
