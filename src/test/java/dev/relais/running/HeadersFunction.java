package dev.relais.running;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** How {@code src/test/php/headers.php} is asked for an answer. */
final class HeadersFunction {
    private HeadersFunction() {}

    /** @param lines of the head that it is to send */
    static String target(String body, String... lines) {
        StringBuilder target = new StringBuilder("/api/headers?body=" + body);
        for (String line : lines) {
            target.append("&head[]=").append(URLEncoder.encode(line, StandardCharsets.UTF_8));
        }
        return target.toString();
    }
}
