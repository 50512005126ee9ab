package dev.relais.testing;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One HTTP answer as it was received.
 *
 * @param head status line and header lines
 * @param body decoded
 */
public record Answer(List<String> head, byte[] body) {
    public int status() {
        return Integer.parseInt(head.get(0).split(" ")[1]);
    }

    /** The first value of a field; null when there is none. */
    public String header(String name) {
        List<String> values = headers(name);
        return values.isEmpty() ? null : values.get(0);
    }

    public List<String> headers(String name) {
        return head.stream()
                .skip(1)
                .filter(line -> line.substring(0, line.indexOf(':')).equalsIgnoreCase(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .toList();
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
