package dev.relais.differential;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Requests for all kinds of answers. Each shape of {@code response.php} is asked for by GET, HEAD and HTTP/1.0. */
final class Answers {
    private Answers() {}

    /** @param shapes the names that {@code response.php} knows */
    static List<Request> all(List<String> shapes) {
        List<Request> all = new ArrayList<>();
        for (String shape : shapes) {
            all.add(ask("GET", shape));
            all.add(ask("HEAD", shape));
            all.add(ask("GET", shape).http10().named("answer, HTTP/1.0: " + shape));
        }
        all.add(ask("POST", "location with 303").named("redirect after POST").sized("a=1"));
        with(all, "gzip by PHP if accepted", "Accept-Encoding: gzip");
        with(all, "gzip by PHP if accepted", "Accept-Encoding: deflate");
        with(all, "plain", "Accept-Encoding: gzip");
        with(all, "conditional by the script", "If-None-Match: \"v1\"");
        with(all, "conditional by the script", "If-None-Match: \"v2\"");
        with(all, "conditional by the script", "If-Modified-Since: Sat, 29 Oct 1994 19:43:31 GMT");
        with(all, "conditional by the script", "If-Match: \"other\"");
        with(all, "conditional by the script", "If-Unmodified-Since: Fri, 28 Oct 1994 19:43:31 GMT");
        with(all, "etag", "If-None-Match: \"v1\"");
        with(all, "last-modified", "If-Modified-Since: Sat, 29 Oct 1994 19:43:31 GMT");
        with(all, "range by the script", "Range: bytes=2-5");
        with(all, "range by the script", "Range: bytes=0-0");
        with(all, "plain", "Range: bytes=1-2");
        with(all, "accept-ranges", "Range: bytes=1-2");
        with(all, "content length with a large body", "Range: bytes=100-");
        with(all, "plain", "Connection: close");
        with(all, "flushed in three pieces", "Connection: close");
        with(all, "content length", "Connection: close");
        with(all, "status 304", "Connection: close");
        return all;
    }

    private static Request ask(String method, String shape) {
        String target = Request.ANSWER + "?case=" + URLEncoder.encode(shape, StandardCharsets.UTF_8);
        return Request.of("answer, " + method + ": " + shape, method, target);
    }

    private static void with(List<Request> all, String shape, String line) {
        all.add(ask("GET", shape).named("answer, " + line + ": " + shape).with(line));
    }
}
