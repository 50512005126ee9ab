package dev.relais.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for servers that a test starts as processes of their own. Between the answer and the server's start nobody else takes one, though
 * the tests run in two JVMs at the same time: each JVM begins elsewhere and gives out one port after the other, and the kernel's own ports
 * for clients, which begin at 32,768 unless it is told otherwise, are all above.
 */
public final class FreePorts {
    private static final int FIRST = 10_000;
    private static final int COUNT = 10_000;

    /** Process ids that follow each other begin some hundred ports apart, which is more than a JVM has in use at a time. */
    private static final AtomicInteger TAKEN =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 307 % COUNT));

    private FreePorts() {}

    /** One on which nothing listens at any address. */
    public static int next() {
        for (int tried = 0; tried < COUNT; tried++) {
            int port = FIRST + Math.floorMod(TAKEN.getAndIncrement(), COUNT);
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(port));
                return port;
            } catch (java.net.BindException e) {
                continue; // somebody listens there
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw new IllegalStateException("no port from " + FIRST + " on is free");
    }
}
