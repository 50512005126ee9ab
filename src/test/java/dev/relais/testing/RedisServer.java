package dev.relais.testing;

import static org.awaitility.Awaitility.await;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's redis-server as a process of its own, on a free loopback port; it can be stopped, killed and started again. */
public final class RedisServer implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/redis-server");

    private final Path directory = Files.createTempDirectory("relais-redis-");
    private final List<String> options;
    private final int port = FreePorts.next();
    private Process process;
    private String password; // null for none

    /** @param options as its configuration has them: name, value, name, value */
    public RedisServer(String... options) throws IOException {
        Debian.require("redis-server", PROGRAM);
        this.options = List.of(options);
        start();
    }

    public int port() {
        return port;
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** Starts it, if it was killed. What it has saved is there again. */
    public void start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                PROGRAM.toString(),
                "--bind",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--save",
                "",
                "--dir",
                directory.toString()));
        for (int i = 0; i < options.size(); i += 2) {
            command.add("--" + options.get(i));
            command.add(options.get(i + 1));
        }
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        await("redis-server").pollInterval(Duration.ofMillis(10)).until(this::answers);
    }

    private boolean answers() {
        try {
            String answer = command("PING");
            return answer.equals("PONG") || answer.startsWith("NOAUTH");
        } catch (IOException e) {
            return false;
        }
    }

    /** Sets a password; connections that are there stay. */
    public void password(String secret) throws IOException {
        command("CONFIG", "SET", "requirepass", secret);
        password = secret;
    }

    /** A number that INFO tells. */
    public int info(String section, String name) throws IOException {
        String info = command("INFO", section);
        int start = info.indexOf(name + ":") + name.length() + 1;
        return Integer.parseInt(info.substring(start, info.indexOf('\r', start)));
    }

    /** @return what it answers: text, an error, or the parts of a list one in a line; empty for nothing */
    public String command(String... words) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) Patience.LIMIT.toMillis());
            InputStream in = new BufferedInputStream(socket.getInputStream());
            if (password != null) {
                socket.getOutputStream().write(encoded("AUTH", password));
                read(in);
            }
            socket.getOutputStream().write(encoded(words));
            return read(in);
        }
    }

    private static byte[] encoded(String... words) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(("*" + words.length + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        for (String word : words) {
            byte[] bytes = word.getBytes(StandardCharsets.ISO_8859_1);
            out.write(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            out.write(bytes);
            out.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        return out.toByteArray();
    }

    private static String read(InputStream in) throws IOException {
        String line = line(in);
        String rest = line.substring(1);
        switch (line.charAt(0)) {
            case '$' -> {
                int length = Integer.parseInt(rest);
                String text = length < 0 ? "" : new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
                in.skipNBytes(length < 0 ? 0 : 2);
                return text;
            }
            case '*' -> {
                List<String> parts = new ArrayList<>();
                for (int i = Integer.parseInt(rest); i > 0; i--) {
                    parts.add(read(in));
                }
                return String.join("\n", parts);
            }
            default -> {
                return rest;
            }
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int c;
        while ((c = in.read()) != '\r') {
            if (c < 0) {
                throw new IOException("redis-server has closed the connection");
            }
            line.append((char) c);
        }
        in.skipNBytes(1);
        return line.toString();
    }

    /** The keys that begin so. */
    public List<String> keys(String beginning) throws IOException {
        String found = command("KEYS", beginning + "*");
        return found.isEmpty() ? List.of() : List.of(found.split("\n"));
    }

    /** Stops the process, which then keeps its connections and says nothing. */
    public void halt() throws IOException {
        signal("STOP");
    }

    public void goOn() throws IOException {
        signal("CONT");
    }

    private void signal(String name) throws IOException {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** As the kernel does when memory runs out: nothing is saved. */
    public void kill() throws IOException {
        process.destroyForcibly();
        try {
            process.waitFor(Patience.SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        kill();
        Side.delete(directory);
    }
}
