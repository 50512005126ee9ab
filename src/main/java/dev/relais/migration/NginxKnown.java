package dev.relais.migration;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of nginx' directives that no key is made of: which are not needed, and which guard something. */
final class NginxKnown {
    private static final Set<String> GUARDS = Set.of(
            "deny",
            "allow",
            "auth_basic",
            "auth_basic_user_file",
            "auth_request",
            "auth_jwt",
            "satisfy",
            "limit_except",
            "internal",
            "valid_referers",
            "secure_link",
            "secure_link_md5",
            "secure_link_secret",
            "ssl_verify_client",
            "ssl_client_certificate",
            "disable_symlinks",
            "modsecurity",
            "modsecurity_rules",
            "modsecurity_rules_file",
            "access_by_lua_block",
            "access_by_lua_file");

    private record Family(String names, String why) {}

    private static final List<Family> NEEDLESS = List.of(
            new Family(
                    "access_log|error_log|log_not_found|log_subrequest|log_format|open_log_file_cache|rewrite_log",
                    "Relais has its own log, with relais.access-log.*"),
            new Family(
                    "fastcgi_(pass|index|split_path_info|keep_conn|next_upstream|bind|socket_keepalive|connect_timeout"
                            + "|send_timeout|pass_request_(body|headers)|pass_header|ignore_client_abort|intercept_errors|force_ranges|limit_rate)|upstream",
                    "Relais starts PHP itself"),
            new Family(
                    "fastcgi_(buffer.*|busy_buffers_size|temp_.*|max_temp_file_size|request_buffering)"
                            + "|client_(body|header)_.*|large_client_header_buffers|output_buffers|postpone_output"
                            + "|(sendfile|aio|directio|tcp_no(push|delay)|open_file_cache|read_ahead).*|keepalive_.*|send_timeout|reset_timedout_connection"
                            + "|lingering_.*|types_hash_.*|server_names_hash_.*|variables_hash_.*|map_hash_.*|worker_.*|use|multi_accept|accept_mutex|thread_pool"
                            + "|user|pid|daemon|events|load_module|env|pcre_jit|timer_resolution|msie_.*|resolver.*|chunked_transfer_encoding|http2_.*|connection_pool_size|request_pool_size",
                    "Relais has its own limits, buffers and processes"),
            new Family("gzip(?!_static).*|brotli(?!_static).*|zstd(?!_static).*|gunzip", "see relais.http.compression"),
            new Family(
                    "ssl|ssl_.*|http2|http3|quic_.*|listen",
                    "port, TLS and HTTP/2 are quarkus.http.* (src/docs/protocols.md)"),
            new Family(
                    "server_tokens|server_name_in_redirect|port_in_redirect|absolute_redirect|merge_slashes|etag|if_modified_since|max_ranges"
                            + "|ignore_invalid_headers|underscores_in_headers|try_files_.*|recursive_error_pages|autoindex_.*|charset_types|override_charset|source_charset",
                    "Relais does so by itself, in one way"),
            new Family("set_real_ip_from|real_ip_.*", "see relais.http.trusted-proxies"),
            new Family("fastcgi_cache.*|proxy_cache.*|fastcgi_no_cache", "see the result cache, src/docs/cache.md"),
            new Family("default_type", "Relais knows the media types of files"));

    private NginxKnown() {}

    /** Whether whoever wrote it wanted to keep somebody from something. */
    static boolean guards(Directive directive) {
        if (directive.is("allow")) {
            return !directive.arg(0).equals("all");
        }
        if (directive.is("auth_basic")
                || directive.is("modsecurity")
                || directive.is("ssl_verify_client")
                || directive.is("auth_request")) {
            return !directive.arg(0).equals("off");
        }
        return GUARDS.contains(directive.name());
    }

    /** Whether it, or something in its block, keeps somebody from something. */
    static boolean guardsSomewhere(Directive directive) {
        boolean refuses = directive.is("return") && directive.arg(0).matches("40[0-9]|410|444|451");
        return guards(directive) || refuses || directive.inside().stream().anyMatch(NginxKnown::guardsSomewhere);
    }

    /** Why it is not needed; null when it is. */
    static @Nullable String needless(Directive directive) {
        if (directive.is("autoindex") && !directive.arg(0).equals("on")
                || directive.is("auth_basic")
                || directive.is("auth_request")
                || directive.is("allow")
                || directive.is("modsecurity")) {
            return "it says what is so anyhow";
        }
        if (directive.is("charset") && directive.arg(0).equalsIgnoreCase("utf-8")) {
            return "Relais does so by itself, in one way";
        }
        for (Family family : NEEDLESS) {
            if (directive.name().matches(family.names())) {
                return family.why();
            }
        }
        return null;
    }

    /** Tells of a directive that no key was made of. */
    static void tell(Directive directive, Notes notes) {
        String why = guards(directive) ? null : needless(directive);
        if (why != null) {
            notes.needless(directive.origin(), why);
        } else if (guardsSomewhere(directive)) {
            notes.guard(directive.origin(), reason(directive));
        } else {
            notes.lost(directive.origin(), reason(directive));
        }
    }

    private static String reason(Directive directive) {
        return switch (directive.name()) {
            case "client_max_body_size" -> "relais.http.max-body-size holds";
            case "auth_basic", "auth_basic_user_file", "auth_request", "satisfy", "auth_jwt" ->
                "Relais asks nobody who he is; let a proxy or PHP do it";
            case "allow", "deny" -> "allow-from names addresses that are let in, and no others";
            case "valid_referers" -> "Relais does not look at Referer";
            case "if" -> "there is no key for this condition";
            case "map", "geo", "split_clients" -> "Relais has no variables of its own";
            case "set" -> "Relais has no variables of its own";
            case "proxy_pass", "uwsgi_pass", "grpc_pass", "scgi_pass" -> "Relais passes requests to PHP alone";
            case "autoindex" -> "Relais lists no folder";
            case "limit_req", "limit_conn", "limit_req_zone", "limit_conn_zone" ->
                "there is no limit by client; see concurrency and queue";
            case "error_page" -> "there is no key for pages of errors";
            default -> "there is no key for it";
        };
    }
}
