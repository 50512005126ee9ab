package dev.relais.accesslog;

import dev.relais.telemetry.AccessLogMeters.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/** Sends each line as a message of syslog (RFC 5424) in a datagram of its own, from facility local7 with severity info, as nginx does. */
final class SyslogSink implements Sink {
    /** Sends datagrams. Owned by the writer's thread. */
    interface Datagrams {
        void open() throws IOException;

        /** Sends this one whole, or fails. */
        void send(ByteBuffer datagram) throws IOException;

        void close();
    }

    /** What UDP can carry (RFC 768), and more than any local server takes. */
    private static final int LONGEST = 65_000;

    private static final String PRIORITY = "<" + (23 * 8 + 6) + ">1 ";

    private final Datagrams datagrams;
    private final String origin;
    private final Losses losses;
    private final LongSupplier millis;
    private final Line head = new Line(ZoneOffset.UTC);
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(LONGEST);

    /**
     * @param host the name of this host
     * @param process the number of this process
     * @param millis since 1970
     */
    SyslogSink(Datagrams datagrams, String host, String process, Losses losses, LongSupplier millis) {
        this.datagrams = datagrams;
        this.origin = " " + host + " relais " + process + " access - ";
        this.losses = losses;
        this.millis = millis;
    }

    @Override
    public void open() throws IOException {
        datagrams.open();
    }

    @Override
    public void add(Line line) {
        head.clear().plain(PRIORITY).utc(millis.getAsLong()).plain(origin);
        try {
            if (head.size() + line.size() > LONGEST) {
                throw new IOException("the line is longer than a datagram: " + line.size() + " bytes");
            }
            buffer.clear();
            head.copyTo(buffer);
            line.copyTo(buffer);
            buffer.position(buffer.position() - 1).flip(); // without the end of the line
            datagrams.send(buffer);
        } catch (IOException e) {
            losses.lost(Reason.WRITE, 1, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        datagrams.close();
    }

    /** A name as RFC 5424 takes it: visible ASCII, or a hyphen for none. */
    static String name(String text) {
        byte[] ascii = text.strip().getBytes(StandardCharsets.US_ASCII);
        StringBuilder name = new StringBuilder();
        for (byte b : ascii) {
            name.append(b > ' ' && b <= '~' && name.length() < 255 ? String.valueOf((char) b) : "");
        }
        return name.length() == 0 ? "-" : name.toString();
    }
}
