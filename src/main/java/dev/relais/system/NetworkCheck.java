package dev.relais.system;

import dev.relais.Digits;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The kernel's settings of the network (Documentation/networking/ip-sysctl.rst). Those of TIME_WAIT and of local ports concern the
 * connections that PHP functions open, to a database for example: Relais itself reaches PHP by Unix sockets.
 */
@Singleton
final class NetworkCheck implements HostCheck {
    /** Of Linux, when nobody has changed it. */
    private static final int USUAL_FIN_TIMEOUT = 60;

    /** Nearly those that Linux has when nobody has changed it: 32768 to 60999. */
    private static final int ENOUGH_PORTS = 28_000;

    private final HostFiles files;
    private final int backlog;
    private final List<Integer> listening;

    @Inject
    NetworkCheck(
            @ConfigProperty(name = "quarkus.http.accept-backlog") int backlog,
            @ConfigProperty(name = "quarkus.http.port") int port,
            @ConfigProperty(name = "quarkus.management.port") int management) {
        this(HostFiles.REAL, backlog, List.of(port, management));
    }

    /** @param listening the ports that the gateway listens on */
    NetworkCheck(HostFiles files, int backlog, List<Integer> listening) {
        this.files = files;
        this.backlog = backlog;
        this.listening = listening;
    }

    @Override
    public List<Finding> findings() {
        return List.of(somaxconn(), twReuse(), finTimeout(), portRange());
    }

    private static String text(long number) {
        return number < 0 ? Finding.UNKNOWN : Long.toString(number);
    }

    private static String set(String name, Object value) {
        return "sysctl -w " + name + "=" + value;
    }

    private static String setInPod(String name, String value) {
        return "spec.securityContext.sysctls: [{name: " + name + ", value: \"" + value + "\"}]";
    }

    private Finding somaxconn() {
        String name = "net.core.somaxconn";
        long now = files.number("/proc/sys/net/core/somaxconn");
        return Finding.of(
                now < 0 || now >= backlog,
                name,
                text(now),
                "at least quarkus.http.accept-backlog, " + backlog,
                "the kernel cuts the backlog of the port to it: of a crowd that connects at once, those beyond it connect a second later or never",
                set(name, backlog) + "; in a pod " + setInPod(name, Integer.toString(backlog))
                        + ", which the kubelet must allow (--allowed-unsafe-sysctls)");
    }

    private Finding twReuse() {
        String name = "net.ipv4.tcp_tw_reuse";
        long now = files.number("/proc/sys/net/ipv4/tcp_tw_reuse");
        return Finding.of(
                now != 0,
                name,
                text(now),
                "1, or 2 (on the loopback only)",
                "each connection that a function has opened and closed keeps its local port for a minute, so functions that connect often to"
                        + " one server run out of ports",
                set(name, 1) + "; in a pod " + setInPod(name, "1")
                        + ", which the kubelet must allow (--allowed-unsafe-sysctls)");
    }

    private Finding finTimeout() {
        String name = "net.ipv4.tcp_fin_timeout";
        long now = files.number("/proc/sys/net/ipv4/tcp_fin_timeout");
        return Finding.of(
                now <= USUAL_FIN_TIMEOUT,
                name,
                text(now),
                "at most " + USUAL_FIN_TIMEOUT + " seconds",
                "the kernel keeps connections whose clients vanish while they are closed for that long",
                set(name, USUAL_FIN_TIMEOUT) + "; in a pod " + setInPod(name, Integer.toString(USUAL_FIN_TIMEOUT)));
    }

    private Finding portRange() {
        String name = "net.ipv4.ip_local_port_range";
        String line = files.line("/proc/sys/net/ipv4/ip_local_port_range");
        String[] ends = line == null ? new String[0] : line.split("\\s+");
        long first = ends.length == 2 ? Digits.parse(ends[0], 65_535) : -1;
        long last = ends.length == 2 ? Digits.parse(ends[1], 65_535) : -1;
        boolean known = first >= 0 && last >= first;
        List<Integer> taken = known ? within(first, last) : List.of();
        String remedy = taken.isEmpty()
                ? set(name, "\"32768 60999\"") + "; in a pod " + setInPod(name, "32768 60999")
                : set("net.ipv4.ip_local_reserved_ports", join(taken)) + "; in a pod "
                        + setInPod("net.ipv4.ip_local_reserved_ports", join(taken));
        String consequence = taken.isEmpty()
                ? "so few connections of functions to one server are possible, those of the last minute included"
                : "a connection that any program opens may get the port " + join(taken)
                        + ", and the gateway then cannot start";
        return Finding.of(
                !known || taken.isEmpty() && last - first + 1 >= ENOUGH_PORTS,
                name,
                known ? first + " to " + last : Finding.UNKNOWN,
                "at least " + ENOUGH_PORTS + " ports, and without those that the gateway listens on",
                consequence,
                remedy);
    }

    /** The ports that the gateway listens on and that are in the range and not reserved. */
    private List<Integer> within(long first, long last) {
        String reserved = files.line("/proc/sys/net/ipv4/ip_local_reserved_ports");
        List<Integer> taken = new ArrayList<>();
        for (int port : listening) {
            if (port >= first && port <= last && !isReserved(port, reserved == null ? "" : reserved)) {
                taken.add(port);
            }
        }
        return taken;
    }

    /** @param reserved such as {@code 8080,9000-9009} */
    private static boolean isReserved(int port, String reserved) {
        for (String range : reserved.split(",")) {
            String[] ends = range.strip().split("-", 2);
            long first = Digits.parse(ends[0], 65_535);
            long last = Digits.parse(ends[ends.length - 1], 65_535);
            if (first >= 0 && port >= first && port <= last) {
                return true;
            }
        }
        return false;
    }

    private static String join(List<Integer> ports) {
        StringBuilder text = new StringBuilder();
        for (int port : ports) {
            text.append(text.isEmpty() ? "" : ",").append(port);
        }
        return text.toString();
    }
}
