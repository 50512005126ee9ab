package dev.relais.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Sockets to this machine, whose reads wait half a minute at most. */
final class Sockets {
    private Sockets() {}

    /** @param receiveBuffer bytes that the kernel takes in for us; 0 for its own choice */
    static Socket connect(int port, int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(30_000);
        socket.setTcpNoDelay(true);
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
        return socket;
    }
}
