package dev.relais.hurl;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A body of the type multipart/form-data (RFC 7578). Not thread-safe. */
final class Multipart {
    /** Long enough that no file of a test has it. */
    private static final String BOUNDARY = "relais-test-7d1f3b9ac2e84650b6e1f0a9c35d8274";

    private static final String END = "\r\n";

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    void add(String name, String value) {
        part(
                "Content-Disposition: form-data; name=\"" + quoted(name) + "\"" + END,
                value.getBytes(StandardCharsets.UTF_8));
    }

    /** @param type null when nothing is said of it */
    void addFile(String name, String fileName, @Nullable String type, byte[] content) {
        part(
                "Content-Disposition: form-data; name=\"" + quoted(name) + "\"; filename=\"" + quoted(fileName) + "\""
                        + END + "Content-Type: " + (type == null ? "application/octet-stream" : type) + END,
                content);
    }

    private void part(String fields, byte[] content) {
        body.writeBytes(("--" + BOUNDARY + END + fields + END).getBytes(StandardCharsets.UTF_8));
        body.writeBytes(content);
        body.writeBytes(END.getBytes(StandardCharsets.UTF_8));
    }

    /** As browsers write it (HTML, multipart/form-data encoding algorithm). */
    private static String quoted(String text) {
        return text.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
    }

    /** The value of Content-Type. */
    String type() {
        return "multipart/form-data; boundary=" + BOUNDARY;
    }

    /** With its end: nothing is added any more. */
    byte[] bytes() {
        body.writeBytes(("--" + BOUNDARY + "--" + END).getBytes(StandardCharsets.UTF_8));
        return body.toByteArray();
    }
}
