package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.relais.testing.Answer;
import dev.relais.testing.Client;
import io.restassured.path.json.JsonPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

/** Bodies that tests send to {@code src/test/php/body.php}, which answers with what has arrived of them. */
final class UploadedBodies {
    static final String POST = "POST /api/body HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x\r\n";

    /** The most that a body takes of the heap: see the profile. */
    static final int MEMORY = 64 << 10;

    private UploadedBodies() {}

    static byte[] random(int bytes) {
        byte[] body = new byte[bytes];
        new Random(7).nextBytes(body);
        return body;
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] chunked(byte[] body, int piece) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < body.length; at += piece) {
            int length = Math.min(piece, body.length - at);
            out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body, at, length);
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    static void assertArrived(byte[] body, Answer answer) {
        assertEquals(200, answer.status());
        JsonPath json = JsonPath.from(answer.text());
        assertEquals(body.length, json.getInt("bytes"));
        assertEquals(sha256(body), json.getString("sha256"));
        assertEquals(String.valueOf(body.length), json.getString("length"));
        assertEquals("application/x", json.getString("type"));
    }

    static Client post(Client client, String... fields) throws IOException {
        String[] all = Arrays.copyOf(fields, fields.length + 2);
        all[fields.length] = "Content-Type";
        all[fields.length + 1] = "application/x";
        return client.begin("POST", "/api/body", all);
    }
}
