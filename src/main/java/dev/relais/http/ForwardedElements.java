package dev.relais.http;

import java.util.ArrayList;
import java.util.List;

/**
 * What the proxies between client and gateway say from whom they received a request. The element of the nearest proxy is the
 * last one.
 *
 * @param clients as they were sent
 * @param schemes the schemes as they were sent
 */
record ForwardedElements(List<String> clients, List<String> schemes) {
    /** The most elements that are read, beginning at the right, since a client may have written 28 KiB of them further left. */
    static final int MOST = 100;

    /** Reads {@code X-Forwarded-For} and {@code X-Forwarded-Proto}. */
    static ForwardedElements ofLists(List<String> clientFields, List<String> schemeFields) {
        return new ForwardedElements(split(clientFields, ','), split(schemeFields, ','));
    }

    /** Reads {@code Forwarded} (RFC 7239 section 4). */
    static ForwardedElements ofForwarded(List<String> fields) {
        ForwardedElements elements = new ForwardedElements(new ArrayList<>(), new ArrayList<>());
        for (String element : split(fields, ',')) {
            String client = "";
            String scheme = "";
            for (String pair : split(List.of(element), ';')) {
                if (pair.regionMatches(true, 0, "for=", 0, 4)) {
                    client = unquoted(pair.substring(4));
                } else if (pair.regionMatches(true, 0, "proto=", 0, 6)) {
                    scheme = unquoted(pair.substring(6));
                }
            }
            elements.clients.add(client);
            elements.schemes.add(scheme);
        }
        return elements;
    }

    /**
     * The scheme that the client of this index used; empty when it is not known. Proxies append to X-Forwarded-For, but treat
     * X-Forwarded-Proto differently. Where there are not as many schemes as clients, the last one counts, which is the nearest
     * proxy's.
     */
    String scheme(int client) {
        if (schemes.isEmpty()) {
            return "";
        }
        int last = schemes.size() - 1;
        return schemes.get(schemes.size() == clients.size() ? Math.min(client, last) : last);
    }

    private static List<String> split(List<String> fields, char separator) {
        List<String> parts = new ArrayList<>();
        for (String field : fields) {
            boolean quoted = false;
            int from = 0;
            for (int i = 0; i <= field.length(); i++) {
                if (i == field.length() || field.charAt(i) == separator && !quoted) {
                    parts.add(field.substring(from, i).trim());
                    from = i + 1;
                } else if (field.charAt(i) == '"') {
                    quoted = !quoted;
                }
            }
        }
        return parts.size() <= MOST ? parts : parts.subList(parts.size() - MOST, parts.size());
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
