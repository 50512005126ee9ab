package dev.relais.dev;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The frame of this room's pages, which need nothing from elsewhere. */
final class Html {
    private static final String STYLE = """
            :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
            body { margin: 0 auto; max-width: 70rem; padding: 1rem; }
            h1 { font-size: 1.4rem; overflow-wrap: anywhere; } h2 { font-size: 1.1rem; margin-top: 2rem; }
            pre, code, td { font: 14px/1.5 ui-monospace, monospace; }
            pre { border: 1px solid; overflow: auto; padding: .5rem; white-space: pre-wrap; overflow-wrap: anywhere; }
            ol { border: 1px solid; margin: 0; padding-left: 5rem; overflow: auto; list-style-position: outside; }
            ol pre { border: 0; margin: 0; padding: 0 .5rem; white-space: pre; overflow: visible; }
            ol .at pre { background: #c0392b; color: #fff; }
            table { border-collapse: collapse; } td { padding: .1rem 1rem .1rem 0; vertical-align: top; overflow-wrap: anywhere; }
            """;

    private Html() {}

    /** The text as it may stand in HTML, also in an attribute with quotes. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /** @param body HTML */
    static String page(String title, String body) {
        return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width\">\n<title>" + escape(title)
                + "</title>\n<style>"
                + STYLE + "</style>\n</head>\n<body>\n" + body + "</body>\n</html>\n";
    }

    /** What a browser may load for these pages (CSP 3): their own style, and of this host the script that loads them anew. */
    static String policy() {
        return "default-src 'none'; style-src 'sha256-" + hash() + "'; script-src 'self'; connect-src 'self'; "
                + "base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
    }

    private static String hash() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(STYLE.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // each JDK has it
        }
    }
}
