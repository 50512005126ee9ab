package dev.relais.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One HTTP connection on which the test says every byte itself; each read waits for two minutes at most. */
public final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final Socket transport; // the same, or what is below TLS
    private final InputStream in;

    private RawClient(Socket socket, Socket transport) throws IOException {
        this.socket = socket;
        this.transport = transport;
        this.in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
    }

    public static RawClient connect(int port) throws IOException {
        return connect(port, 0);
    }

    /** @param receiveBuffer bytes that the kernel takes in for us; 0 for its own choice */
    public static RawClient connect(int port, int receiveBuffer) throws IOException {
        Socket socket = Sockets.connect(port, receiveBuffer);
        return new RawClient(socket, socket);
    }

    /** @param address of this host, as which the gateway sees the client */
    public static RawClient connectFrom(String address, int port) throws IOException {
        Socket socket = Sockets.connectFrom(address, port);
        return new RawClient(socket, socket);
    }

    /** Over TLS, where every byte is what stands behind the handshake. */
    public static RawClient connectSecurely(int port) throws IOException {
        Socket transport = Sockets.connect(port, 0);
        return new RawClient(Certificate.connect(transport, port, "http/1.1"), transport);
    }

    /** @param secured is closed with it */
    public static RawClient over(Socket secured) throws IOException {
        return new RawClient(secured, secured);
    }

    public int localPort() {
        return socket.getLocalPort();
    }

    /** Sends lines, each with its CRLF, and the blank line: a whole head. */
    public RawClient head(String... lines) throws IOException {
        return send(String.join("\r\n", lines) + "\r\n\r\n");
    }

    /** A GET request of HTTP/1.1. */
    public RawClient get(String target) throws IOException {
        return head("GET " + target + " HTTP/1.1", "Host: localhost");
    }

    public RawClient send(String latin1) throws IOException {
        return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /**
     * Reads one final answer with its body.
     *
     * @throws EOFException when the connection ends before
     */
    public Answer answer() throws IOException {
        List<String> lines = readHead();
        Answer head = new Answer(lines, new byte[0]);
        byte[] body;
        if (head.status() == 204 || head.status() == 304) {
            body = new byte[0];
        } else if ("chunked".equals(head.header("Transfer-Encoding"))) {
            ByteArrayOutputStream chunks = new ByteArrayOutputStream();
            for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
                chunks.write(chunk);
            }
            body = chunks.toByteArray();
        } else if (head.header("Content-Length") != null) {
            body = exactly(Integer.parseInt(head.header("Content-Length")));
        } else {
            body = in.readAllBytes();
        }
        return new Answer(lines, body);
    }

    /** Reads a head only: the answer to HEAD, or one whose body the test reads itself. */
    public Answer answerHead() throws IOException {
        return new Answer(readHead(), new byte[0]);
    }

    private List<String> readHead() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            lines.add(line);
        }
        return lines;
    }

    /** The next chunk of a chunked body; empty at its end. */
    public byte[] chunk() throws IOException {
        byte[] chunk = exactly(Integer.parseInt(line(), 16));
        if (!line().isEmpty()) {
            throw new IOException("no line end after a chunk");
        }
        return chunk;
    }

    /** What has come, so many bytes at most; waits for one of them. Empty at the end of the connection. */
    public byte[] some(int most) throws IOException {
        byte[] bytes = new byte[most];
        int read = in.read(bytes);
        return read == most ? bytes : java.util.Arrays.copyOf(bytes, Math.max(read, 0));
    }

    public byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException(bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("after: " + line);
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** The next byte; -1 at the orderly end of the connection. */
    public int read() throws IOException {
        return in.read();
    }

    /** Whether nothing comes for so long. */
    public boolean isSilent(int millis) throws IOException {
        int timeout = socket.getSoTimeout();
        socket.setSoTimeout(millis);
        try {
            in.mark(1);
            in.read();
            in.reset();
            return false;
        } catch (java.net.SocketTimeoutException e) {
            return true;
        } finally {
            socket.setSoTimeout(timeout);
        }
    }

    /** Whether the other side ends the connection within two minutes and sends nothing before. */
    public boolean isEnded() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (java.net.SocketException e) {
            return true; // reset
        }
    }

    /** Vanishes: the gateway's socket is reset, not closed. */
    public void vanish() throws IOException {
        transport.setSoLinger(true, 0);
        transport.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
