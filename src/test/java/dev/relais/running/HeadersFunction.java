package dev.relais.running;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Makes request targets of {@code src/test/php/headers.php}, which answers as it is told to. */
final class HeadersFunction {
    private HeadersFunction() {}

    /** @param lines the lines of the head that it has to send */
    static String target(String body, String... lines) {
        StringBuilder target = new StringBuilder("/api/headers?body=" + body);
        for (String line : lines) {
            target.append("&head[]=").append(URLEncoder.encode(line, StandardCharsets.UTF_8));
        }
        return target.toString();
    }
}
