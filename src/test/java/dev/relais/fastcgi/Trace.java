package dev.relais.fastcgi;

import static dev.relais.fuzzing.FuzzTarget.check;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** What a decoder passed on, in order, and independent of the pieces it came in. */
final class Trace implements RecordDecoder.Sink {
    private byte[] events = new byte[256];
    private int size;
    private int passed;

    @Override
    public void stdout(ByteBuf in, int length) {
        content(Fcgi.STDOUT, in, length);
    }

    @Override
    public void stderr(ByteBuf in, int length) {
        content(Fcgi.STDERR, in, length);
    }

    private void content(int type, ByteBuf in, int length) {
        check(length > 0 && length <= in.readableBytes(), "content is what has come");
        for (int i = 0; i < length; i++) {
            content(type, in.readByte()); // moves the reader index, as a careless listener would
        }
    }

    void content(int type, byte content) {
        write(type);
        write(content);
        passed++;
    }

    @Override
    public void stderrRecordEnd() {
        write('|');
    }

    @Override
    public void endRequest(int appStatus, int protocolStatus) {
        write(Fcgi.END_REQUEST);
        for (byte one : Wire.endBody(appStatus, protocolStatus)) {
            write(one);
        }
        passed += 8;
    }

    private void write(int event) {
        if (size == events.length) {
            events = Arrays.copyOf(events, 2 * size);
        }
        events[size++] = (byte) event;
    }

    /** Bytes that came out, of whatever records. */
    int passed() {
        return passed;
    }

    boolean sameAs(Trace other) {
        return Arrays.equals(events, 0, size, other.events, 0, other.size);
    }
}
