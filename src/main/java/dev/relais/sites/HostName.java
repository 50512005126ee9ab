package dev.relais.sites;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The name of a host as sites are looked up by it: in lower case, without a port, and without the dot that may end a full name. */
public final class HostName {
    private HostName() {}

    /**
     * @param host as received, perhaps with a port; null for none
     * @return the same object when there is nothing to change; empty for none
     */
    public static String of(@Nullable String host) {
        if (host == null) {
            return "";
        }
        int bracket = host.lastIndexOf(']');
        int colon = host.indexOf(':', Math.max(0, bracket));
        int end = colon < 0 ? host.length() : colon;
        if (end > 0 && host.charAt(end - 1) == '.') {
            end--;
        }
        String name = end == host.length() ? host : host.substring(0, end);
        for (int i = 0; i < end; i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                return name.toLowerCase(Locale.ROOT);
            }
        }
        return name;
    }
}
