package dev.relais.migration;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What single directives of nginx say of all paths, or of those of a location. Not thread-safe. */
final class NginxSettings {
    /** {@code fastcgi_param}s that Relais sets by itself. */
    private static final Set<String> OF_CGI = Set.of(
            "QUERY_STRING",
            "REQUEST_METHOD",
            "CONTENT_TYPE",
            "CONTENT_LENGTH",
            "SCRIPT_NAME",
            "SCRIPT_FILENAME",
            "REQUEST_URI",
            "DOCUMENT_URI",
            "DOCUMENT_ROOT",
            "SERVER_PROTOCOL",
            "REQUEST_SCHEME",
            "GATEWAY_INTERFACE",
            "SERVER_SOFTWARE",
            "REMOTE_ADDR",
            "REMOTE_PORT",
            "REMOTE_USER",
            "SERVER_ADDR",
            "SERVER_PORT",
            "SERVER_NAME",
            "REDIRECT_STATUS",
            "PATH_INFO",
            "PATH_TRANSLATED",
            "HTTPS",
            "HTTP_HOST",
            "HTTP_PROXY",
            "HTTP_AUTHORIZATION");

    private final SiteDraft site;

    NginxSettings(SiteDraft site) {
        this.site = site;
    }

    /**
     * Sets what a directive says.
     *
     * @param path what is said of the paths that it is about
     * @param globs that cover them; empty for all
     * @return whether it was taken, or told of
     */
    boolean take(Directive directive, PathDraft path, List<String> globs) {
        boolean isOfFiles = !globs.isEmpty() && globs.stream().noneMatch(glob -> glob.contains(".php"));
        switch (directive.name()) {
            case "index" -> index(directive, path);
            case "add_header" -> header(directive, directive.arg(0), directive.arg(1), path, isOfFiles);
            case "more_set_headers" -> more(directive, path, isOfFiles);
            case "more_clear_headers", "fastcgi_hide_header", "proxy_hide_header" ->
                directive.args().forEach(name -> clear(directive, name, path));
            case "expires" -> expires(directive, path);
            case "types" ->
                directive.inside().forEach(type -> type.args().forEach(ext -> type(type, ext, type.name(), path)));
            case "default_type" -> defaultType(directive, path, globs);
            case "gzip_static" -> coding(directive, "gzip", path);
            case "brotli_static" -> coding(directive, "br", path);
            case "zstd_static" -> coding(directive, "zstd", path);
            case "fastcgi_read_timeout" -> timeout(directive, path);
            case "client_max_body_size" -> size(directive, path);
            case "error_page" -> {
                return errorPage(directive, path);
            }
            case "fastcgi_param" -> variable(directive);
            case "fastcgi_request_buffering" ->
                site.streamsBody |= directive.arg(0).equals("off");
            default -> {
                return false;
            }
        }
        return true;
    }

    private void index(Directive directive, PathDraft path) {
        List<String> names = directive.args().stream()
                .filter(name -> name.matches("[^/\\\\$\\p{Cntrl}.][^/\\\\$\\p{Cntrl}]{0,254}"))
                .distinct()
                .limit(16)
                .toList();
        String front = site.fallback == null ? "" : site.fallback;
        for (String name : directive.args()) {
            // An index by another path is where folders without one go, as they do by the fallback.
            boolean isFront = name.startsWith("/") && name.endsWith("$request_uri");
            if (!names.contains(name) && !isFront && !name.equals(front) && !name.equals("/index.php")) {
                site.notes.lost(directive.origin(), "an index is the name of a file in its folder, not " + name);
            }
        }
        path.index = names;
    }

    private void header(Directive directive, String name, String value, PathDraft path, boolean isOfFiles) {
        String constant = value;
        if (name.equalsIgnoreCase("Cache-Control") && value.indexOf('$') > 0) {
            constant = value.substring(0, value.indexOf('$')).replaceFirst("[,\\s]+$", "");
            site.notes.different(
                    directive.origin(),
                    "without " + value.substring(value.indexOf('$')) + ", since Relais has no variables of its own");
        }
        if (constant.isEmpty()) {
            return; // nginx adds no field without a value
        }
        if (!NginxTargets.isConstant(constant)) {
            site.notes.lost(directive.origin(), "Relais has no variables of its own");
            return;
        }
        String refusal = Fields.set(path, name, constant, isOfFiles);
        if (refusal != null) {
            site.notes.lost(directive.origin(), refusal);
        }
    }

    private void more(Directive directive, PathDraft path, boolean isOfFiles) {
        for (String field : directive.args()) {
            int colon = field.indexOf(':');
            if (colon > 0) {
                header(
                        directive,
                        field.substring(0, colon).strip(),
                        field.substring(colon + 1).strip(),
                        path,
                        isOfFiles);
            } else {
                site.notes.lost(directive.origin(), "there is no key for it");
            }
        }
    }

    private void clear(Directive directive, String name, PathDraft path) {
        String refusal = Fields.refusal(name, "x");
        if (refusal == null) {
            Fields.put(path.headers, name, null);
        } else {
            site.notes.lost(directive.origin(), refusal);
        }
    }

    private void expires(Directive directive, PathDraft path) {
        String value = directive.joined();
        switch (value) {
            case "max" -> path.expires = "10y";
            case "off" -> path.expires = "off";
            case "epoch", "-1", "0" -> path.expires = "no-cache";
            default -> {
                long seconds = Ages.nginxSeconds(value.replaceFirst("^(modified )?\\+?", ""));
                if (value.startsWith("modified ") && seconds >= 0) {
                    site.notes.different(
                            directive.origin(), "counted from the answer, not from the file's last change");
                }
                if (value.matches("-.+")) {
                    path.expires = "no-cache";
                } else if (seconds < 0) {
                    site.notes.lost(directive.origin(), "not a time from now on");
                } else {
                    path.expires = seconds == 0 ? "no-cache" : Ages.text(seconds);
                }
            }
        }
    }

    private void type(Directive directive, String extension, String type, PathDraft path) {
        if (extension.matches("[a-z0-9_+-]{1,32}") && type.matches("[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")) {
            path.types.put(extension, type);
        } else {
            site.notes.lost(directive.origin(), "not an extension in lower case and a media type");
        }
    }

    /** Where all of a location's paths have extensions, it says their types. */
    private void defaultType(Directive directive, PathDraft path, List<String> globs) {
        Set<String> extensions = globs.stream()
                .filter(glob -> glob.matches("\\*\\.[a-z0-9_+-]{1,32}"))
                .map(glob -> glob.substring(2))
                .collect(Collectors.toSet());
        if (globs.isEmpty() || extensions.size() < globs.size()) {
            NginxKnown.tell(directive, site.notes);
        } else {
            extensions.forEach(extension -> type(directive, extension, directive.arg(0), path));
        }
    }

    private static void coding(Directive directive, String coding, PathDraft path) {
        if (directive.arg(0).equals("on") || directive.arg(0).equals("always")) {
            Set<String> all = Set.copyOf(path.precompressed);
            path.precompressed.clear();
            for (String each : List.of("zstd", "br", "gzip")) {
                if (each.equals(coding) || all.contains(each)) {
                    path.precompressed.add(each);
                }
            }
        }
    }

    private void timeout(Directive directive, PathDraft path) {
        long seconds = Ages.nginxSeconds(directive.joined());
        if (seconds > 0) {
            path.timeout = seconds + "s";
            site.notes.different(
                    directive.origin(), "timeout bounds how long a script may run, also while it gives something");
        } else {
            site.notes.lost(directive.origin(), "not a time of at least a second");
        }
    }

    private void size(Directive directive, PathDraft path) {
        String size = Sizes.of(directive.arg(0));
        if (size == null) {
            site.notes.lost(directive.origin(), "relais.http.max-body-size holds; there is no site without one");
        } else {
            path.maxBodySize = size;
        }
    }

    /** Whether all that it says could be said. */
    private static boolean errorPage(Directive directive, PathDraft path) {
        List<String> args = directive.args();
        String page = args.isEmpty() ? "" : args.get(args.size() - 1);
        List<String> codes = args.isEmpty() ? List.of() : args.subList(0, args.size() - 1);
        boolean isSayable = page.matches("(/(?!\\.\\.?(/|$))[^/%?${}\\s]+)+")
                && codes.stream().allMatch(code -> code.matches("403|404|405|410|503"));
        if (isSayable) {
            codes.forEach(code -> path.errorPages.put(Integer.valueOf(code), page));
        }
        return isSayable && !codes.isEmpty();
    }

    private void variable(Directive directive) {
        String name = directive.arg(0);
        String value = directive.arg(1);
        if (OF_CGI.contains(name) && !(name.equals("SERVER_SOFTWARE") && NginxTargets.isConstant(value))) {
            if (name.equals("HTTPS")) {
                site.notes.needless(
                        directive.origin(), "Relais tells PHP of TLS, also of a proxy's (relais.http.trusted-proxies)");
            }
            return;
        }
        if (name.matches("PHP_(ADMIN_)?VALUE")) {
            for (String line : value.split("\n")) {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    String setting = line.substring(equals + 1).strip().replaceFirst("^\"(.*)\"$", "$1");
                    PhpSettings.set(
                            site, directive.origin(), line.substring(0, equals).strip(), setting);
                }
            }
            return;
        }
        String refusal = Variables.refusal(name, value);
        if (!NginxTargets.isConstant(value)) {
            site.notes.lost(directive.origin(), "Relais has no variables of its own");
        } else if (refusal != null) {
            site.notes.lost(directive.origin(), refusal);
        } else {
            String other = site.variables.put(name, value);
            if (other != null && !other.equals(value)) {
                site.notes.different(directive.origin(), "the site has one value for it; elsewhere it was " + other);
            }
        }
    }
}
