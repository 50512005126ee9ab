package dev.relais.differential;

import java.util.List;
import java.util.function.Predicate;

/**
 * What Relais does differently from nginx, and why. A difference that no request shows fails the suite;
 * src/docs/http-and-cgi.md lists each of them.
 */
enum IntendedDifference implements Listed {
    NAMES(
            true,
            "Each tells its own name: `Server`, `SERVER_SOFTWARE`.",
            it -> it.isOf("header server", "$_SERVER[SERVER_SOFTWARE]")),
    FRAMING(
            true,
            "An answer that is complete with its first read has a `Content-Length`, where nginx sends chunks.",
            it -> it.isOf("header transfer-encoding") && it.isBetween("chunked", "")
                    || it.isOf("header content-length") && it.nginx().isEmpty()),
    CONNECTION(
            true,
            "`Connection` is sent only where it says something else than the version's default.",
            it -> it.isOf("header connection") && it.relais().isEmpty()),
    CACHE_STATUS(
            true,
            "`Cache-Status` says of each answer of PHP how the result cache came to it (RFC 9211).",
            it -> it.isOf("header cache-status") && it.nginx().isEmpty()),
    REQUEST_ID(
            true,
            "`X-Request-Id` is in each answer, and `HTTP_X_REQUEST_ID` and `UNIQUE_ID` tell PHP the same id.",
            it -> it.nginx().isEmpty()
                    && (it.isOf("header x-request-id", "spelling of x-request-id", "$_SERVER[UNIQUE_ID]")
                            || it.isOfField("X-Request-Id"))),
    VERSION(
            false,
            "The answer has the version of its request, where nginx answers HTTP/1.0 with HTTP/1.1.",
            it -> it.isOf("version") && it.isBetween("HTTP/1.1", "HTTP/1.0")),
    KEPT(
            false,
            "A kept connection in HTTP/1.0 stays open, because the length is known.",
            it -> it.request().isHttp10()
                    && (it.isOf("connection stays open") && it.isBetween("no", "yes")
                            || it.isOf("header connection") && it.isBetween("close", "keep-alive"))),
    ERROR_PAGES(
            false,
            "The gateway's own errors are `application/problem+json`, not HTML.",
            it -> it.behindNginx().getOrDefault("body", "").contains("<center>nginx")
                    && it.isOf("body", "header content-type", "header content-length", "header cache-control")),
    TARGETS(
            false,
            "A target with a fragment or invalid UTF-8 is refused: readers could take it differently.",
            it -> it.isBetweenStatus(200, 400)
                    && List.of("fragment in the target", "invalid UTF-8 in the path")
                            .contains(it.request().name())),
    ENCODED_SLASH(
            false,
            "An encoded slash in `PATH_INFO` is data: nginx merges it with its neighbour.",
            it -> it.request().requestLine().contains("/%2F ")
                    && it.isOf("$_SERVER[PATH_INFO]", "$_SERVER[PHP_SELF]", "$_SERVER[DOCUMENT_URI]")
                    && it.relais().equals(it.nginx() + "/")),
    LARGE_HEADS(
            false,
            "Heads of answers may have 64 KiB (`relais.http.max-response-head`), nginx' 4 KiB.",
            it -> it.isBetweenStatus(502, 200) && it.request().name().endsWith("header of 7 KiB")),
    HOST(
            false,
            "`HTTP_HOST` is the host as sent, with its port, or absent, as nginx itself has it; Debian's `fastcgi_params` edits it.",
            it -> it.isOfField("Host")
                    && (!it.relais().isEmpty() || !it.request().has("Host"))),
    NO_CONTENT(
            false,
            "A 204 never has a `Content-Length` (RFC 9110 section 8.6).",
            it -> it.isBetweenStatus(204, 204)
                    && it.isOf("header content-length")
                    && it.relais().isEmpty()),
    SERVER_NAME(
            false,
            "`SERVER_NAME` is the request's host: there is no `server_name` to configure.",
            it -> it.isOf("$_SERVER[SERVER_NAME]") && it.nginx().equals("string localhost")),
    REMOTE_USER(
            false,
            "`REMOTE_USER` is empty: nginx passes on a name whose password nobody checked. PHP's `PHP_AUTH_USER` is there.",
            it -> it.isOf("$_SERVER[REMOTE_USER]") && it.isBetween("string Ada", "string ")),
    REPEATED(
            false,
            "Repeated headers are joined (RFC 9110 section 5.3), as nginx does from 1.23 on; before it passes the last one only.",
            it -> it.request().lines().stream().anyMatch(line -> isRepeated(it, line))),
    PROXY(
            false,
            "`Proxy` is dropped: it would become `HTTP_PROXY` in the environment (httpoxy).",
            it -> it.request().has("Proxy") && it.relais().isEmpty()
                    || it.isOf("getenv() beyond $_SERVER") && it.isBetween("", "empty")),
    HOP_BY_HOP(
            false,
            "Headers of one connection are not passed on (RFC 9110 section 7.6.1): `Connection`, `TE`, `Upgrade` and the like.",
            it -> it.relais().isEmpty()
                    && List.of(
                                    "Connection",
                                    "Keep-Alive",
                                    "Te",
                                    "TE",
                                    "Trailer",
                                    "Upgrade",
                                    "Proxy-Connection",
                                    "Proxy-Authorization",
                                    "Transfer-Encoding")
                            .stream()
                            .anyMatch(it::isOfField)),
    TABS(
            false,
            "Tabs around a header's value are cut like blanks (RFC 9110 section 5.5).",
            it -> it.isOfField("X-Tabs") && it.isBetween("string \tvalue\t", "string value")),
    LENGTH_DIGITS(
            false,
            "`CONTENT_LENGTH` has no leading zeros.",
            it -> (it.isOf("$_SERVER[CONTENT_LENGTH]") || it.isOfField("Content-Length"))
                    && it.isBetween("string 0003", "string 3"));

    private final boolean everywhere;
    private final String reason;
    private final Predicate<Difference> covers;

    IntendedDifference(boolean everywhere, String reason, Predicate<Difference> covers) {
        this.everywhere = everywhere;
        this.reason = reason;
        this.covers = covers;
    }

    @Override
    public boolean everywhere() {
        return everywhere;
    }

    @Override
    public String reason() {
        return reason;
    }

    @Override
    public boolean covers(Difference difference) {
        return covers.test(difference);
    }

    private static boolean isRepeated(Difference difference, String line) {
        String name = line.substring(0, line.indexOf(':'));
        return difference.request().count(name) > 1
                && (difference.isOfField(name)
                        || name.equalsIgnoreCase("Cookie") && difference.fact().startsWith("$_COOKIE"));
    }
}
