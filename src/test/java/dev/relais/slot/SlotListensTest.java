package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertNull;

import dev.relais.fastcgi.ScriptedPeer;
import dev.relais.fastcgi.Wire;
import dev.relais.testing.Patience;
import io.netty.channel.EventLoop;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A slot whose master is slow to listen does not sleep through the moment: here a pause before another attempt lasts a day. */
class SlotListensTest extends SlotFixture {
    private final CompletableFuture<Void> pauses = new CompletableFuture<>();

    @Override
    EventLoop loop(EventLoop real) {
        return (EventLoop) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {EventLoop.class}, (self, method, words) -> {
                    if (method.getName().equals("schedule") && words[0] instanceof Runnable pause) {
                        pauses.complete(null);
                        return real.schedule(pause, 1, TimeUnit.DAYS);
                    }
                    try {
                        return method.invoke(real, words);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void connectsAtOnceWhenItsMasterListens() throws Exception {
        renewProcess();
        Path later = directory.resolve("later.sock");
        worker.attach(later);
        pauses.get(Patience.SECONDS, TimeUnit.SECONDS);
        peer = ScriptedPeer.start(directory, line -> {
            while (true) {
                prove(line);
                line.readRequest();
                line.answer(Wire.answer("served"));
            }
        });
        Files.createSymbolicLink(later, peer.socket());

        worker.listens(directory.resolve("another.sock"));
        on(() -> null);
        assertNull(freed.peek(), "that is another master");
        worker.listens(later);

        awaitFreed();
    }
}
