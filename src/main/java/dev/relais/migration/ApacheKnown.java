package dev.relais.migration;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of Apache's directives that no key is made of: which are not needed, and which guard something. Names are in lower case. */
final class ApacheKnown {
    private static final Set<String> MODULES_THAT_ARE_NOT =
            Set.of("pagespeed", "security", "security2", "fcgid", "lsapi");

    private record Family(String names, String why) {}

    private static final List<Family> NEEDLESS = List.of(
            new Family(
                    "errorlog|customlog|loglevel|transferlog|logformat",
                    "Relais has its own log, with relais.access-log.*"),
            new Family(
                    "listen|ssl.*|protocols|namevirtualhost|servertokens|serversignature|serveradmin|usecanonicalname|timeout|keepalive.*|loadmodule"
                            + "|serverroot|user|group|pidfile|mutex|enablesendfile|enablemmap|traceenable|hostnamelookups|h2.*|limitrequest(line|fields|fieldsize)",
                    "port, TLS and processes are Relais' own"),
            new Family(
                    "allowoverride|accessfilename|fileetag|indexignore|indexoptions|contentdigest|rewriteengine|rewriteoptions|expiresactive|addhandler|cgipassauth"
                            + "|directoryslash|acceptpathinfo|modpagespeed|allowencodedslashes|addoutputfilter|multiviewsmatch|checkspelling|options",
                    "Relais does so by itself, in one way"),
            new Family(
                    "addoutputfilterbytype|setoutputfilter|deflate.*|browsermatch(nocase)?|brotli.*",
                    "see relais.http.compression"),
            new Family("remoteip.*", "see relais.http.trusted-proxies"),
            new Family(
                    "addcharset|adddefaultcharset|defaulttype|addlanguage|defaultlanguage",
                    "Relais names UTF-8 and knows the media types of files"));

    private ApacheKnown() {}

    static boolean guards(Directive one) {
        return switch (one.name()) {
            case "require" -> !one.joined().equalsIgnoreCase("all granted");
            case "deny" -> !one.joined().equalsIgnoreCase("from none");
            case "allow" -> !one.joined().equalsIgnoreCase("from all");
            case "secruleengine" -> !one.joined().equalsIgnoreCase("off");
            case "satisfy",
                    "authtype",
                    "authname",
                    "authuserfile",
                    "authgroupfile",
                    "authbasicprovider",
                    "authmerging",
                    "limitexcept",
                    "limit",
                    "requireany",
                    "requireall",
                    "requirenone",
                    "secrule",
                    "sslverifyclient",
                    "sslrequire",
                    "sslrequiressl" -> true;
            default -> false;
        };
    }

    static boolean guardsSomewhere(Directive one) {
        String flags = one.is("rewriterule") ? one.arg(2).toUpperCase(Locale.ROOT) : "";
        boolean refuses =
                flags.matches("\\[(.*,)?\\s*(F|FORBIDDEN|G|GONE|R=4[0-9]{2}|REDIRECT=4[0-9]{2})\\s*(,.*)?\\]");
        return guards(one)
                || refuses
                || stopsScripts(one)
                || one.inside().stream().anyMatch(ApacheKnown::guardsSomewhere);
    }

    /** Whether it makes PHP run nothing. */
    static boolean stopsScripts(Directive one) {
        return one.name().matches("remove(handler|type)") && one.joined().contains("php")
                || one.is("sethandler") && one.arg(0).matches("(?i)none|default-handler|text/.*")
                || one.name().matches("php_(admin_)?flag") && one.joined().matches("(?i)engine (off|0)");
    }

    static @Nullable String needless(Directive one) {
        if (one.is("require") || one.is("allow") || one.is("order") || one.is("deny")) {
            return "it says what is so anyhow";
        }
        if (one.is("sethandler") && one.arg(0).matches("proxy:.*fcgi.*|application/x-httpd-.*|php.*")
                || one.name().matches("proxypass(match)?") && one.joined().contains("fcgi:")
                || one.is("action")
                || one.is("fastcgiexternalserver")) {
            return "Relais starts PHP itself";
        }
        for (Family family : NEEDLESS) {
            if (one.name().matches(family.names())) {
                return family.why();
            }
        }
        return null;
    }

    /** Tells of a directive that no key was made of. */
    static void tell(Directive one, Notes notes) {
        String why = guards(one) || one.block() != null ? null : needless(one);
        if (why != null) {
            notes.needless(one.origin(), why);
        } else if (guardsSomewhere(one)) {
            notes.guard(one.origin(), reason(one));
        } else {
            notes.lost(one.origin(), reason(one));
        }
    }

    private static String reason(Directive one) {
        return switch (one.name()) {
            case "require", "deny", "allow", "requireany", "requireall", "requirenone", "satisfy" ->
                "there is no key for who may come in; let a proxy or PHP do it";
            case "authtype", "authname", "authuserfile", "authgroupfile", "authbasicprovider" ->
                "Relais asks nobody who he is; let a proxy or PHP do it";
            case "limitrequestbody" -> "relais.http.max-body-size holds";
            case "if", "elseif" -> "there is no key for this condition";
            case "errordocument" -> "there is no key for pages of errors";
            case "php_value", "php_flag", "php_admin_value", "php_admin_flag" ->
                "there is no key for settings of PHP; write them into .user.ini";
            case "setenvif", "setenvifnocase", "passenv", "unsetenv" ->
                "variables have values that are always the same";
            case "proxypass", "proxypassmatch", "proxypassreverse" -> "Relais passes requests to PHP alone";
            case "limit", "limitexcept" -> "methods are for a whole site";
            case "ifmodule" -> "Relais has not its module, and does not guard what it guards";
            default -> "there is no key for it";
        };
    }

    /** Whether a condition on a module or a version holds, as far as a site of today goes. */
    static boolean holds(Directive section) {
        String what = section.arg(0);
        boolean negated = what.startsWith("!");
        String module = what.replaceFirst("^!", "").replaceFirst("^mod_", "").replaceFirst("(\\.c|_module)$", "");
        if (module.equalsIgnoreCase("access_compat")) {
            return true; // what is refused with it, and what is without it: one is what the other is
        }
        boolean isThere = !MODULES_THAT_ARE_NOT.contains(module.toLowerCase(Locale.ROOT));
        if (section.is("ifversion")) {
            isThere = section.joined().matches(">=? ?2\\.[0-4](\\..*)?|2\\.4.*|= ?2\\.4.*");
            negated = false;
        }
        return isThere != negated;
    }
}
