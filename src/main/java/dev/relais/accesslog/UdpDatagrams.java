package dev.relais.accesslog;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/** Sends datagrams by UDP. The server's name is looked up once. */
final class UdpDatagrams implements SyslogSink.Datagrams {
    private final String host;
    private final int port;
    private @Nullable DatagramChannel channel; // null until it is open

    UdpDatagrams(String host, int port) {
        this.host = host;
        this.port = port;
    }

    @Override
    public void open() throws IOException {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new UnknownHostException("there is no host of this name");
        }
        channel = DatagramChannel.open().connect(address); // so that it is told when nobody listens there
    }

    @Override
    public void send(ByteBuffer datagram) throws IOException {
        if (channel == null || channel.write(datagram) == 0) {
            throw new IOException("it was not taken");
        }
    }

    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            channel = null; // nothing is left to be lost
        }
    }
}
