package dev.relais.http;

import dev.relais.ConfigurationProblem;
import dev.relais.Ranges;
import dev.relais.system.OpenFiles;
import dev.relais.telemetry.MemoryMeters;
import io.netty.util.internal.PlatformDependent;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * What clients may make the gateway hold in memory, all of them together: a quarter each for their connections, for the heads
 * of requests, for bodies and for answers. Each has a way out when its part is used up: heads and connections are refused,
 * bodies and answers go to spool files, and PHP waits.
 *
 * <p>All together they are half of the heap, or of the direct memory where that is less. The rest is for the gateway itself and
 * for the garbage collector. Bytes are in either memory (what waits in a socket's queue is in direct memory, the rest is not),
 * so one count serves for both.
 */
@Singleton
public class MemoryBudgets {
    private static final Logger LOG = Logger.getLogger(MemoryBudgets.class);
    private static final String KEY = "relais.http.memory";
    private static final String CONNECTIONS_KEY = "relais.http.max-connections";
    private static final long MIB = 1 << 20;
    private static final int MOST_CONNECTIONS = 16_384;

    /** An estimate of what an idle connection takes: Netty's channel and Vert.x' pipeline, and in HTTP/2 HPACK's tables. */
    private static final int CONNECTION_BYTES = 16 << 10;

    private final long most;
    private final boolean chosen;
    private volatile long total;
    private final MemoryBudget heads;
    private final MemoryBudget bodies;
    private final MemoryBudget answers;
    private final int maxConnections;
    private final boolean maxConnectionsAreChosen;
    private final long openFiles;

    /** @throws ConfigurationProblem naming the key whose value is not possible */
    @Inject
    public MemoryBudgets(GatewayConfig config, MemoryMeters meters) {
        this(config, meters, Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory(), OpenFiles.limit());
    }

    /** @param openFiles that this process may have at most */
    MemoryBudgets(GatewayConfig config, MemoryMeters meters, long heap, long direct, long openFiles) {
        GatewayConfig.check(config);
        this.openFiles = openFiles;
        long usable = Math.min(heap, direct);
        chosen = config.memory().isPresent();
        most = config.memory().isEmpty()
                ? Math.max(GatewayConfig.LEAST_MEMORY, usable / 2)
                : Ranges.size(KEY, config.memory().get(), GatewayConfig.LEAST_MEMORY, usable / 4 * 3);
        total = most;
        heads = new MemoryBudget(total / 4);
        bodies = new MemoryBudget(total / 4);
        answers = new MemoryBudget(total / 4);
        maxConnectionsAreChosen = config.maxConnections().isPresent();
        maxConnections = config.maxConnections().isEmpty()
                ? (int) Math.max(1, Math.min(MOST_CONNECTIONS, Math.min(connectionsInMemory(), openFiles / 2)))
                : checked(config.maxConnections().getAsInt(), openFiles);
        meters.bind("heads", heads::used, heads::capacity, heads::refusals);
        meters.bind("bodies", bodies::used, bodies::capacity, bodies::refusals);
        meters.bind("answers", answers::used, answers::capacity, answers::refusals);
    }

    private long connectionsInMemory() {
        return total / 4 / CONNECTION_BYTES;
    }

    /** A configured number may be above the careful default, but not above what the limit of open files allows. */
    private int checked(int connections, long openFiles) {
        if (connections >= openFiles) {
            throw new ConfigurationProblem(
                    CONNECTIONS_KEY,
                    connections,
                    "this process may have " + openFiles + " open files (ulimit -n)",
                    "raise that limit to twice the connections, or set at most " + openFiles / 2);
        }
        if (connections > 2 * connectionsInMemory()) {
            throw new ConfigurationProblem(
                    CONNECTIONS_KEY,
                    connections,
                    "so many do not fit into the memory for clients, " + total / MIB + " MiB",
                    "give the JVM more (-Xmx), or set at most " + 2 * connectionsInMemory());
        }
        return connections;
    }

    /**
     * The container has got another size: the budgets follow at once, but never beyond what the heap holds, whose size stays. A size that was
     * configured stays, too.
     *
     * @param share of the memory that the container had at the start, 1 or more when it has not shrunk
     */
    public synchronized void resize(double share) {
        if (!chosen) {
            total = (long) Math.max(GatewayConfig.LEAST_MEMORY, most * Math.min(1, share));
            heads.resize(total / 4);
            bodies.resize(total / 4);
            answers.resize(total / 4);
        }
    }

    /** What clients' bytes may take, all of them together. */
    public long total() {
        return total;
    }

    /** How many connections each port would have if any number of files could be open. */
    int connectionsWithoutLimit() {
        return maxConnectionsAreChosen ? maxConnections : (int) Math.min(MOST_CONNECTIONS, most / 4 / CONNECTION_BYTES);
    }

    /** How many files this process may have open; {@link Long#MAX_VALUE} for any number. */
    long openFiles() {
        return openFiles;
    }

    /** Logs the limits in force. */
    public void log() {
        LOG.infof(
                "Memory for clients: total=%dMiB each=%dMiB max-connections=%d open-files=%s",
                total / MIB,
                heads.capacity() / MIB,
                maxConnections,
                openFiles == Long.MAX_VALUE ? "unlimited" : Long.toString(openFiles));
    }

    /** Open connections that each port may have. */
    int maxConnections() {
        return maxConnections;
    }

    /** The budget of heads that are not complete, and of requests under way with what they need beside body and answer. */
    public MemoryBudget heads() {
        return heads;
    }

    /** The budget of bodies on their way to PHP. */
    public MemoryBudget bodies() {
        return bodies;
    }

    /** The budget of answers on their way to clients. */
    public MemoryBudget answers() {
        return answers;
    }
}
