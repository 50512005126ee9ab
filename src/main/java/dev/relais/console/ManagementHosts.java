package dev.relais.console;

import dev.relais.ConfigurationProblem;
import io.netty.util.NetUtil;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that a request to the management port may name: IP addresses, {@code localhost} and the names of
 * {@code relais.management.hosts}. A foreign page may have made any other name point here (DNS rebinding). The browser would
 * then take the answer for that page's own, and CORS would not protect it. Immutable.
 */
final class ManagementHosts {
    /** A host and an optional port (RFC 3986 section 3.2.2); user information before an @ is not allowed. */
    private static final Pattern AUTHORITY =
            Pattern.compile("(\\[[0-9A-Fa-f:.]+(?:%[\\w.~-]+)?]|[\\w.-]+)(?::\\d{1,5})?");

    private static final Pattern NAME = Pattern.compile("(?=.{1,253}$)\\w([\\w-]{0,62})?(\\.\\w([\\w-]{0,62})?)*");

    private final Set<String> names = new HashSet<>(Set.of("localhost"));

    /** @throws ConfigurationProblem when an entry is no host name */
    ManagementHosts(List<String> configured) {
        for (String entry : configured) {
            String name = entry.strip().toLowerCase(Locale.ROOT);
            if (!NAME.matcher(name).matches()) {
                throw new ConfigurationProblem(
                        "relais.management.hosts",
                        String.join(",", configured),
                        "'" + entry + "' is no host name",
                        "write whole names as relais.example, without scheme, port and *; addresses are always taken");
            }
            names.add(name);
        }
    }

    /** @param authority from a Host field, an {@code :authority} or an Origin; null, which means none, is not allowed */
    boolean take(@Nullable String authority) {
        Matcher matcher = authority == null ? null : AUTHORITY.matcher(authority);
        if (matcher == null || !matcher.matches()) {
            return false;
        }
        String host = matcher.group(1);
        if (host.charAt(0) == '[') {
            return NetUtil.isValidIpV6Address(host.substring(1, host.length() - 1));
        }
        return NetUtil.isValidIpV4Address(host) || names.contains(host.toLowerCase(Locale.ROOT));
    }
}
