package dev.relais.cache;

import java.util.List;

/** The cookies that a function's author has chosen for the key, by their names as PHP reads them. */
final class CookieKey {
    private CookieKey() {}

    /** @param fields the values of the Cookie fields */
    static void append(StringBuilder key, List<String> chosen, List<String> fields) {
        String joined = String.join("; ", fields);
        for (String name : chosen) {
            boolean any = false;
            for (String pair : joined.split(";", -1)) {
                int equals = pair.indexOf('=');
                String own = QueryKey.name(equals < 0 ? pair : pair.substring(0, equals));
                // All of them: which one counts is PHP's affair, and for name[part]=value each does.
                if (own == null || own.equals(name)) {
                    key.append("cookie ").append(pair.strip()).append('\n');
                    any = true;
                }
            }
            if (!any) {
                key.append("no cookie ").append(name).append('\n');
            }
        }
    }
}
