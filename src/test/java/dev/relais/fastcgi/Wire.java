package dev.relais.fastcgi;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes the bytes that a PHP child sends, independently of the classes under test. */
public final class Wire {
    private Wire() {}

    public static byte[] record(int version, int type, int id, int padding, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {
            (byte) version,
            (byte) type,
            (byte) (id >> 8),
            (byte) id,
            (byte) (content.length >> 8),
            (byte) content.length,
            (byte) padding,
            0
        });
        out.writeBytes(content);
        out.writeBytes(new byte[padding]);
        return out.toByteArray();
    }

    public static byte[] stdout(String text) {
        return record(1, 6, 1, 0, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public static byte[] stderr(String text) {
        return record(1, 7, 1, 0, text.getBytes(StandardCharsets.UTF_8));
    }

    public static byte[] end(int appStatus, int protocolStatus) {
        return record(1, 3, 1, 0, endBody(appStatus, protocolStatus));
    }

    static byte[] endBody(int appStatus, int protocolStatus) {
        return new byte[] {
            (byte) (appStatus >> 24),
            (byte) (appStatus >> 16),
            (byte) (appStatus >> 8),
            (byte) appStatus,
            (byte) protocolStatus,
            0,
            0,
            0
        };
    }

    /** A whole answer: a head without Status, the body, END_REQUEST. */
    public static byte[] answer(String body) {
        return join(stdout("Content-type: text/plain\r\n\r\n" + body), end(0, 0));
    }

    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** Whole, byte by byte, and in random pieces of eight seeds. */
    static List<List<ByteBuf>> splits(byte[] bytes) {
        List<List<ByteBuf>> all = new ArrayList<>();
        all.add(List.of(Unpooled.wrappedBuffer(bytes)));
        List<ByteBuf> single = new ArrayList<>();
        for (int i = 0; i < bytes.length; i++) {
            single.add(Unpooled.wrappedBuffer(bytes, i, 1));
        }
        all.add(single);
        for (int seed = 0; seed < 8; seed++) {
            Random random = new Random(seed);
            List<ByteBuf> pieces = new ArrayList<>();
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(bytes.length - at, 1 + random.nextInt(seed < 4 ? 12 : 4000));
                pieces.add(Unpooled.wrappedBuffer(bytes, at, length));
                at += length;
            }
            all.add(pieces);
        }
        return all;
    }
}
