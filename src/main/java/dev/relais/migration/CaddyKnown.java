package dev.relais.migration;

import java.util.Set;

/** What is known of Caddy's directives that no key is made of: which are not needed, and which guard something. */
final class CaddyKnown {
    private static final Set<String> GUARDS = Set.of(
            "basic_auth",
            "basicauth",
            "forward_auth",
            "jwt",
            "authorize",
            "authenticate",
            "rate_limit",
            "waf",
            "coraza_waf");

    private CaddyKnown() {}

    /** Whether it, or something in its block, keeps somebody from something. */
    static boolean guardsSomewhere(Directive one) {
        boolean refuses = (one.is("respond") || one.is("error")) && one.joined().matches("(.* )?4[0-9]{2}( .*)?")
                || one.is("abort");
        return refuses || GUARDS.contains(one.name()) || one.inside().stream().anyMatch(CaddyKnown::guardsSomewhere);
    }

    /** Tells of a directive that no key was made of. */
    static void tell(Directive one, Notes notes) {
        switch (one.name()) {
            case "encode" -> notes.needless(one.origin(), "see relais.http.compression");
            case "log", "skip_log", "log_skip", "log_append", "log_name" ->
                notes.needless(one.origin(), "Relais has its own log, with relais.access-log.*");
            case "tls" -> {
                if (one.inside().stream().anyMatch(inner -> inner.is("client_auth"))) {
                    notes.guard(one.origin(), "clients' certificates are quarkus.http.ssl.client-auth");
                } else {
                    notes.needless(one.origin(), "port, TLS and HTTP/2 are quarkus.http.* (src/docs/protocols.md)");
                }
            }
            case "bind", "fs" ->
                notes.needless(one.origin(), "port, TLS and HTTP/2 are quarkus.http.* (src/docs/protocols.md)");
            case "reverse_proxy" -> notes.lost(one.origin(), "Relais passes requests to PHP alone");
            case "mercure", "vulcain" -> notes.lost(one.origin(), "Relais has no such hub");
            case "handle_errors" -> notes.lost(one.origin(), "there is no key for pages of errors");
            default -> {
                if (GUARDS.contains(one.name())) {
                    notes.guard(one.origin(), "Relais asks nobody who he is; let a proxy or PHP do it");
                } else {
                    notes.lost(one.origin(), "there is no key for it");
                }
            }
        }
    }
}
