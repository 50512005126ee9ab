package dev.relais.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Apache's directives say of how files are sent: fields, how long they may be kept, and media types. Not thread-safe. */
final class ApacheFiles {
    private static final Pattern TIME = Pattern.compile("([0-9]{1,6})\\s*(year|month|week|day|hour|minute|second)s?");

    /** Extensions of media types that people name in {@code ExpiresByType}. */
    private static final Map<String, List<String>> EXTENSIONS = Map.ofEntries(
            Map.entry("text/css", List.of("css")),
            Map.entry("text/javascript", List.of("js", "mjs")),
            Map.entry("application/javascript", List.of("js", "mjs")),
            Map.entry("application/x-javascript", List.of("js", "mjs")),
            Map.entry("application/json", List.of("json")),
            Map.entry("application/pdf", List.of("pdf")),
            Map.entry("image/jpg", List.of("jpg", "jpeg")),
            Map.entry("image/jpeg", List.of("jpg", "jpeg")),
            Map.entry("image/png", List.of("png")),
            Map.entry("image/gif", List.of("gif")),
            Map.entry("image/webp", List.of("webp")),
            Map.entry("image/avif", List.of("avif")),
            Map.entry("image/svg+xml", List.of("svg")),
            Map.entry("image/x-icon", List.of("ico")),
            Map.entry("image/vnd.microsoft.icon", List.of("ico")),
            Map.entry("text/html", List.of("html", "htm")),
            Map.entry("font/woff", List.of("woff")),
            Map.entry("font/woff2", List.of("woff2")),
            Map.entry("video/mp4", List.of("mp4")));

    private final SiteDraft site;

    ApacheFiles(SiteDraft site) {
        this.site = site;
    }

    void header(Directive one, PathDraft path, boolean isOfFiles) {
        List<String> args = new ArrayList<>(one.args());
        if (!args.isEmpty() && args.get(0).matches("(?i)always|onsuccess")) {
            args.remove(0);
        }
        String action = args.isEmpty() ? "" : args.get(0).toLowerCase(Locale.ROOT);
        String name = args.size() > 1 ? args.get(1).replaceFirst(":$", "") : "";
        boolean isConditional = args.stream().skip(3).anyMatch(arg -> arg.matches("env=.*|expr=.*|early"));
        if (isConditional || !action.matches("set|append|add|merge|unset|setifempty")) {
            ApacheKnown.tell(one, site.notes);
            return;
        }
        if (action.equals("unset")) {
            if (Fields.refusal(name, "x") == null
                    && path.headers.keySet().stream().noneMatch(name::equalsIgnoreCase)) {
                Fields.put(path.headers, name, null);
            }
            return;
        }
        String value = args.size() > 2 ? args.get(2) : "";
        if (name.equalsIgnoreCase("Vary") && value.equalsIgnoreCase("Accept-Encoding")
                || name.equalsIgnoreCase("Content-Encoding")) {
            site.notes.needless(one.origin(), "precompressed does so");
            return;
        }
        String refusal = value.matches(".*%[{\\[A-Za-z].*")
                ? "there is no key for values of the request"
                : Fields.set(path, name, value, isOfFiles);
        if (refusal != null) {
            site.notes.lost(one.origin(), refusal);
        }
    }

    void expires(Directive one, String text, PathDraft path) {
        String stripped = text.strip();
        long seconds = -1;
        if (stripped.matches("[AM][0-9]{1,10}")) {
            seconds = Long.parseLong(stripped.substring(1));
        } else {
            Matcher time = TIME.matcher(stripped.toLowerCase(Locale.ROOT));
            while (time.find()) {
                long unit =
                        switch (time.group(2)) {
                            case "year" -> 31_536_000;
                            case "month" -> 2_592_000;
                            case "week" -> 604_800;
                            case "day" -> 86_400;
                            case "hour" -> 3_600;
                            case "minute" -> 60;
                            default -> 1;
                        };
                seconds = Math.max(seconds, 0) + Long.parseLong(time.group(1)) * unit;
            }
        }
        if (seconds < 0) {
            ApacheKnown.tell(one, site.notes);
            return;
        }
        if (stripped.startsWith("M") || stripped.toLowerCase(Locale.ROOT).startsWith("modification")) {
            site.notes.different(one.origin(), "counted from the answer, not from the file's last change");
        }
        path.expires = seconds == 0 ? "no-cache" : Ages.text(seconds);
    }

    void byType(Directive one) {
        List<String> extensions = EXTENSIONS.get(one.arg(0).toLowerCase(Locale.ROOT));
        if (extensions == null) {
            site.notes.lost(one.origin(), "expires is for paths; write *." + "EXTENSION: {expires: ...} below paths");
            return;
        }
        String glob = extensions.size() == 1 ? "*." + extensions.get(0) : "*.{" + String.join(",", extensions) + "}";
        expires(one, String.join(" ", one.args().subList(1, one.args().size())), site.path(glob));
    }

    void type(Directive one, String extension, String type, PathDraft path) {
        String bare = extension.replaceFirst("^\\.", "");
        if (type.matches("(?i)application/x-httpd-.*")) {
            site.notes.needless(one.origin(), "Relais starts PHP itself");
        } else if (bare.matches("[a-z0-9_+-]{1,32}") && type.matches("[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")) {
            path.types.put(bare, type);
        } else {
            ApacheKnown.tell(one, site.notes);
        }
    }
}
