package dev.relais.lifecycle;

import java.net.BindException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/** Why a port cannot be opened, as one line that names the keys and the remedy. */
final class PortProblem {
    /** The public port and that of the operators; what the failure says does not tell which of them it was. */
    private static final String[] DOORS = {"quarkus.http.", "quarkus.management."};

    private PortProblem() {}

    /** Null when the failure is another one. */
    static @Nullable String explain(Throwable cause, Config config) {
        // The epoll transport has exceptions of its own, which say what the kernel says.
        String said = String.valueOf(cause.getMessage());
        if (said.contains("Address already in use")) {
            return name(config, "port")
                    + ": taken by another process; stop that one (ss -ltnp shows it), or set another port";
        }
        if (said.contains("Permission denied") && (cause instanceof SocketException || said.contains("bind"))) {
            return name(config, "port")
                    + ": ports below 1024 need the right to them; set a higher one, or in the unit AmbientCapabilities=CAP_NET_BIND_SERVICE";
        }
        if (said.contains("Cannot assign requested address")) {
            return name(config, "host")
                    + ": is no address of this host; set one that is (ip address shows them), or 0.0.0.0";
        }
        if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
            return name(config, "host") + ": is a name without an address; set an address of this host, or 0.0.0.0";
        }
        return cause instanceof BindException ? name(config, "port") + ": cannot be opened; " + said : null;
    }

    private static String name(Config config, String key) {
        StringBuilder both = new StringBuilder();
        for (String door : DOORS) {
            both.append(both.isEmpty() ? "" : " or ")
                    .append(door)
                    .append(key)
                    .append('=')
                    .append(config.getOptionalValue(door + key, String.class).orElse("(not set)"));
        }
        return both.toString();
    }
}
