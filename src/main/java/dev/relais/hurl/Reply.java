package dev.relais.hurl;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An answer of the gateway.
 *
 * @param headers the values by their names, whose case makes no difference
 */
record Reply(int status, Map<String, List<String>> headers, byte[] body) {
    private static final Pattern CHARSET =
            Pattern.compile(";\\s*charset=\"?([A-Za-z0-9._-]+)", Pattern.CASE_INSENSITIVE);

    /** The values of all fields of this name; empty when there is none. */
    List<String> headers(String name) {
        for (Map.Entry<String, List<String>> field : headers.entrySet()) {
            if (field.getKey().equalsIgnoreCase(name)) {
                return field.getValue();
            }
        }
        return List.of();
    }

    /** The body as text, in the character set that Content-Type names, else in UTF-8. */
    String text() {
        return new String(body, charset());
    }

    private Charset charset() {
        for (String type : headers("Content-Type")) {
            Matcher name = CHARSET.matcher(type);
            if (name.find()) {
                try {
                    return Charset.forName(name.group(1));
                } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
                    return StandardCharsets.UTF_8;
                }
            }
        }
        return StandardCharsets.UTF_8;
    }
}
