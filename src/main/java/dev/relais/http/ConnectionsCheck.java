package dev.relais.http;

import dev.relais.system.Finding;
import dev.relais.system.HostCheck;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;

/** The open files that the connections of clients need. */
@Singleton
final class ConnectionsCheck implements HostCheck {
    private final int connections;
    private final int wanted;
    private final long openFiles;

    @Inject
    ConnectionsCheck(MemoryBudgets budgets) {
        this(budgets.maxConnections(), budgets.connectionsWithoutLimit(), budgets.openFiles());
    }

    /**
     * @param connections that each port may have
     * @param wanted as many as there would be without a limit of open files
     * @param openFiles that the process may have
     */
    ConnectionsCheck(int connections, int wanted, long openFiles) {
        this.connections = connections;
        this.wanted = wanted;
        this.openFiles = openFiles;
    }

    @Override
    public List<Finding> findings() {
        long needed = 2L * Math.max(connections, wanted);
        return List.of(Finding.of(
                openFiles >= needed,
                "open files",
                openFiles == Long.MAX_VALUE ? "unlimited" : openFiles,
                "at least twice the connections of a port, " + needed
                        + ": PHP's connections, spool files and files that are sent need some, too",
                "each port takes " + connections
                        + " connections, and of a crowd that opens files there may be none left for the next client",
                "ulimit -n " + needed + "; systemd: LimitNOFILE=" + needed + "; containerd's unit: LimitNOFILE="
                        + needed + "; or set relais.http.max-connections to at most " + openFiles / 2));
    }
}
