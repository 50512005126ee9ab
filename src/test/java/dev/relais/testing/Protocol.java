package dev.relais.testing;

import java.io.IOException;

/** How a client speaks HTTP. A test of bodies, of clients that leave, or of time limits is run over each of them. */
public enum Protocol {
    HTTP_1_1,
    /** HTTP/2 in clear, by prior knowledge. */
    H2C,
    /** HTTP/2 over TLS, chosen by ALPN. */
    H2;

    public boolean isHttp2() {
        return this != HTTP_1_1;
    }

    /** @param tlsPort of the same gateway; -1 where it has none */
    public Client connect(int port, int tlsPort) throws IOException {
        return connect(port, tlsPort, 0);
    }

    /** @param receiveBuffer bytes that the kernel takes in for us; 0 for its own choice */
    public Client connect(int port, int tlsPort, int receiveBuffer) throws IOException {
        return switch (this) {
            case HTTP_1_1 -> new Http1Client(RawClient.connect(port, receiveBuffer));
            case H2C -> new Http2Client(Sockets.connect(port, receiveBuffer)).stream();
            case H2 -> new Http2Client(Certificate.connect(tlsPort, receiveBuffer)).stream();
        };
    }
}
