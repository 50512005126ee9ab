package dev.relais.accesslog;

import dev.relais.ConfigurationProblem;
import dev.relais.Digits;
import org.jspecify.annotations.Nullable;

/**
 * Where a syslog server is.
 *
 * @param path of its Unix socket; null when it is reached by UDP
 * @param host a name or an address; null with a path
 * @param port 0 with a path
 */
record SyslogAddress(@Nullable String path, @Nullable String host, int port) {
    private static final String KEY = AccessLogConfig.PREFIX + "syslog";

    /** What a socket's path may have (unix(7)). */
    private static final int LONGEST_PATH = 107;

    /** @throws ConfigurationProblem when it is neither a path nor a host with a port */
    static SyslogAddress of(String value) {
        if (value.startsWith("/") && value.length() <= LONGEST_PATH) {
            return new SyslogAddress(value, null, 0);
        }
        int colon = value.lastIndexOf(':');
        long port = colon < 1 ? -1 : Digits.parse(value.substring(colon + 1), 65_535);
        String host = colon < 1 ? "" : value.substring(0, colon);
        boolean literal = host.startsWith("[") && host.endsWith("]");
        if (port < 1 || value.startsWith("/") || !literal && host.indexOf(':') >= 0) {
            throw new ConfigurationProblem(
                    KEY, value, "is no address", "set a path such as /dev/log, or a host and a port such as logs:514");
        }
        return new SyslogAddress(null, literal ? host.substring(1, host.length() - 1) : host, (int) port);
    }
}
