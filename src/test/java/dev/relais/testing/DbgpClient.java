package dev.relais.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A debugger for one script at a time, as an editor has one: it listens, and Xdebug connects to it (the DBGp protocol,
 * https://xdebug.org/docs/dbgp). For one thread.
 */
public final class DbgpClient implements AutoCloseable {
    private static final int LOOK_MILLIS = 20;

    private final ServerSocket listening;
    private Socket session; // null: none is attached
    private int transaction;

    public DbgpClient(int port) throws IOException {
        listening = new ServerSocket(port, 5, InetAddress.getLoopbackAddress());
        listening.setSoTimeout(LOOK_MILLIS);
    }

    /**
     * Waits for a script that begins, or for its answer, which it has when it is ended before.
     *
     * @return the path of its file; null when the answer has come
     */
    public String attach(Future<?> answer) throws IOException {
        while (!answer.isDone()) {
            try {
                session = listening.accept();
            } catch (SocketTimeoutException e) {
                continue; // the answer may have come
            }
            return attached();
        }
        return null;
    }

    private String attached() throws IOException {
        session.setSoTimeout((int) Patience.LIMIT.toMillis());
        String begin = packet();
        Matcher file = Pattern.compile("fileuri=\"file://([^\"]*)\"").matcher(begin);
        if (!file.find()) {
            throw new IOException(begin);
        }
        return file.group(1);
    }

    public void breakAt(String file, int line) throws IOException {
        String answer = command("breakpoint_set", "-t line -f file://" + file + " -n " + line);
        if (!answer.contains("breakpoint_set") || answer.contains("<error")) {
            throw new IOException(answer);
        }
    }

    /** Lets the script run, until it stops or ends; says at which line it stops, and -1 when it ends. */
    public int run() throws IOException {
        String answer = command("run", "");
        if (!answer.contains("status=\"break\"")) {
            return -1;
        }
        Matcher line = Pattern.compile("lineno=\"(\\d+)\"").matcher(answer);
        if (!line.find()) {
            throw new IOException(answer);
        }
        return Integer.parseInt(line.group(1));
    }

    /** The value of a variable where the script has stopped. */
    public String variable(String name) throws IOException {
        String answer = command("property_get", "-n " + name);
        Matcher value = Pattern.compile("<!\\[CDATA\\[(.*?)]]>").matcher(answer);
        if (!value.find()) {
            throw new IOException(answer);
        }
        return answer.contains("encoding=\"base64\"")
                ? new String(Base64.getDecoder().decode(value.group(1)), StandardCharsets.UTF_8)
                : value.group(1);
    }

    /** Lets the script run on without a debugger. */
    public void detach() throws IOException {
        command("detach", "");
        session.close();
    }

    private String command(String name, String arguments) throws IOException {
        String line = name + " -i " + ++transaction + (arguments.isEmpty() ? "" : " " + arguments) + "\0";
        session.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
        String answer = packet();
        while (!answer.contains("transaction_id=\"" + transaction + "\"")) {
            answer = packet(); // a notification
        }
        return answer;
    }

    private String packet() throws IOException {
        int length = Integer.parseInt(untilNul());
        String packet = untilNul();
        if (packet.getBytes(StandardCharsets.ISO_8859_1).length != length) {
            throw new IOException(length + " bytes are announced: " + packet);
        }
        return packet;
    }

    private String untilNul() throws IOException {
        InputStream in = session.getInputStream();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int b = in.read(); b != 0; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the script's end: " + bytes);
            }
            bytes.write(b);
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        if (session != null) {
            session.close();
        }
        listening.close();
    }
}
