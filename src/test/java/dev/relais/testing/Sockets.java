package dev.relais.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Sockets to this machine. A read waits for two minutes at most, so that what a test waits for besides fails first. */
final class Sockets {
    private Sockets() {}

    /** @param receiveBuffer bytes that the kernel takes in for us; 0 for its own choice */
    static Socket connect(int port, int receiveBuffer) throws IOException {
        return connect(new Socket(), port, receiveBuffer);
    }

    /** @param address of this host that the socket has */
    static Socket connectFrom(String address, int port) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(address, 0));
        return connect(socket, port, 0);
    }

    private static Socket connect(Socket socket, int port, int receiveBuffer) throws IOException {
        socket.setSoTimeout(2_000 * Patience.SECONDS);
        socket.setTcpNoDelay(true);
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000 * Patience.SECONDS);
        return socket;
    }
}
