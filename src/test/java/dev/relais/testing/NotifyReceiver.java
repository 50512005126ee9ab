package dev.relais.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Stands in for systemd: a program of its own that reads the datagrams of sd_notify(3) and asks the kernel who has sent each. */
public final class NotifyReceiver implements AutoCloseable {
    private static final String PROGRAM = """
        import base64, socket, struct, sys, time
        name = sys.argv[1]
        receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        receiver.bind("\\0" + name[1:] if name.startswith("@") else name)
        print("bound", flush=True)
        while True:
            data, beside, _, _ = receiver.recvmsg(65536, 1024)
            pid = struct.unpack("iII", beside[0][2][:12])[0]
            print(pid, time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000, base64.b64encode(data).decode(), flush=True)
        """;

    /**
     * A datagram.
     *
     * @param pid of its sender, as the kernel says
     * @param micros when it was read, by CLOCK_MONOTONIC
     */
    public record Notice(long pid, long micros, String text) {}

    private final Process process;
    private final BlockingQueue<Notice> notices = new LinkedBlockingQueue<>();

    private NotifyReceiver(Process process, BufferedReader lines) {
        this.process = process;
        Thread reader = new Thread(() -> read(lines), "notify-receiver");
        reader.setDaemon(true);
        reader.start();
    }

    /** @param address a path, or an abstract name that begins with an @ */
    public static NotifyReceiver at(String address) throws IOException {
        Process process = new ProcessBuilder("python3", "-c", PROGRAM, address)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader lines = process.inputReader();
        if (!"bound".equals(lines.readLine())) {
            throw new IOException("the receiver has not started");
        }
        return new NotifyReceiver(process, lines);
    }

    private void read(BufferedReader lines) {
        try {
            String line;
            while ((line = lines.readLine()) != null) {
                String[] words = line.split(" ", -1);
                String text = new String(Base64.getDecoder().decode(words[2]), StandardCharsets.UTF_8);
                notices.add(new Notice(Long.parseLong(words[0]), Long.parseLong(words[1]), text));
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    /** The next datagram, which is awaited. */
    public Notice next() throws InterruptedException {
        Notice next = notices.poll(Patience.SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no notice has come");
        }
        return next;
    }

    /** The next datagram that has a line, such as {@code READY=1}. */
    public Notice next(String line) throws InterruptedException {
        Notice next;
        do {
            next = next();
        } while (!next.text().lines().toList().contains(line));
        return next;
    }

    /** Whether none has come that was not taken. */
    public boolean isEmpty() {
        return notices.isEmpty();
    }

    /** Stops reading, or goes on with it. */
    public void pause(boolean paused) throws IOException, InterruptedException {
        new ProcessBuilder("kill", paused ? "-STOP" : "-CONT", Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
