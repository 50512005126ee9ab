package dev.relais.http;

import dev.relais.telemetry.AnswerMeters;
import dev.relais.telemetry.ConnectionMeters;
import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The clients' connections. It limits how many there are and how long each may be of no use, and closes them when the gateway
 * stops. Any thread.
 *
 * <p>Netty hands each accepted channel to {@link AcceptedChannels}, a service-loaded class that finds this bean through
 * {@link #of}: Vert.x offers no hook before the first request, and a head that never completes comes before that. For the
 * same reason Quarkus' own {@code max-connections} does not count those that never send a head.
 */
@Singleton
public class HttpConnections {
    private static volatile @Nullable HttpConnections current;
    private static volatile @Nullable Apart apart; // null: none

    private record Apart(SocketAddress listener, HttpConnections connections) {}

    private final GatewayConfig config;
    private final TrustedProxies proxies;
    private final ConnectionMeters meters;
    private final AnswerMeters answers;
    private final MemoryBudgets memory;
    private final HeadWriter headWriter;
    private final Set<TrackedConnection> open = ConcurrentHashMap.newKeySet();
    private final Map<Channel, AtomicInteger> counts = new ConcurrentHashMap<>(); // by listener
    private final Set<Channel> listeners = ConcurrentHashMap.newKeySet();
    private volatile boolean accepting = true;

    @Inject
    public HttpConnections(
            GatewayConfig config,
            ConnectionMeters meters,
            AnswerMeters answers,
            MemoryBudgets memory,
            HeadWriter headWriter) {
        GatewayConfig.check(config);
        this.config = config;
        this.proxies = new TrustedProxies(config.trustedProxies().orElse(List.of()));
        this.meters = meters;
        this.answers = answers;
        this.memory = memory;
        this.headWriter = headWriter;
    }

    /**
     * Begins to track connections that are accepted from now on. Called before the first use of a Netty bootstrap, which reads
     * the property once.
     *
     * @throws IllegalStateException when Netty would not find {@link AcceptedChannels}: all else would work without it, but no time limit, no
     *     limit of connections, and no answer to malformed heads
     */
    public void start() {
        System.setProperty(ChannelInitializerExtension.EXTENSIONS_SYSTEM_PROPERTY, "serviceload");
        ServiceLoader<ChannelInitializerExtension> hooks =
                ServiceLoader.load(ChannelInitializerExtension.class, HttpConnections.class.getClassLoader());
        if (!hooks.iterator().hasNext()) {
            throw new IllegalStateException("no META-INF/services names the hook for accepted channels");
        }
        meters.bind(open, Set::size);
        current = this;
    }

    /** Has these count the connections of the listener at this address, and those of all other listeners not. */
    public void startApart(SocketAddress listener) {
        apart = new Apart(listener, this);
    }

    /** The listener of {@link #startApart} is closed. */
    public static void endApart() {
        apart = null;
    }

    /** Those that count the connections of a listener: the one bean, as a rule; null before the start. */
    static @Nullable HttpConnections of(@Nullable Channel listener) {
        Apart other = apart;
        return other != null && listener != null && other.listener.equals(listener.localAddress())
                ? other.connections
                : current;
    }

    /** Accepts no more connections on the ports that have served functions. Idempotent. */
    public void stopAccepting() {
        accepting = false;
        listeners.forEach(Channel::close);
    }

    /** Closes connections on which nothing has happened for this time. */
    public void closeIdle(long nanos) {
        open.forEach(connection -> connection.closeIfIdleFor(nanos));
    }

    /** How many connections are open, including those of the management port. */
    public int count() {
        return open.size();
    }

    /** Whether this peer may switch its connection to HTTP/2: a proxy would pass on what its own clients ask for. */
    boolean mayUpgrade(SocketAddress peer) {
        return config.h2cUpgrade()
                && peer instanceof InetSocketAddress address
                && !proxies.contain(address.getAddress().getAddress());
    }

    long idleNanos() {
        return config.idleTimeout().toNanos();
    }

    long headNanos() {
        return config.headTimeout().toNanos();
    }

    long writeNanos() {
        return config.writeTimeout().toNanos();
    }

    /** Bytes per second; 0: no minimum. */
    int writeMinRate() {
        return config.writeMinRate();
    }

    /** How often a connection is looked at. */
    long tickNanos() {
        return Math.min(idleNanos(), Math.min(headNanos(), writeNanos())) / 2;
    }

    /**
     * Counts a new connection.
     *
     * @return false when its listener has as many as it may have; each listener has its own count, so that probes always get
     *     through
     */
    boolean open(TrackedConnection connection, Channel channel) {
        AtomicInteger count = counts.computeIfAbsent(channel.parent(), listener -> new AtomicInteger());
        if (count.incrementAndGet() > memory.maxConnections()) {
            count.decrementAndGet();
            return false;
        }
        return open.add(connection);
    }

    void closed(TrackedConnection connection, Channel channel) {
        Objects.requireNonNull(counts.get(channel.parent())).decrementAndGet();
        open.remove(connection);
    }

    /** How many fields the head of a request may have. */
    int maxFields() {
        return config.maxHeaders();
    }

    MemoryBudget heads() {
        return memory.heads();
    }

    HeadWriter headWriter() {
        return headWriter;
    }

    void closes(ConnectionMeters.Reason reason) {
        meters.closed(reason);
    }

    /** Counts a stream of HTTP/2 that was reset, because its client takes nothing or too little of it. */
    void resets(ClientPace.Verdict why) {
        boolean still = why == ClientPace.Verdict.STANDS_STILL;
        answers.brokenOff(still ? AnswerMeters.Reason.WRITE : AnswerMeters.Reason.RATE);
    }

    /** Notes that a request for a function has come on this channel, so that its listener is that of the public port. */
    void serves(Channel channel) {
        Channel listener = channel.parent();
        if (listener == null || !listeners.add(listener)) {
            return;
        }
        if (accepting) {
            ListenerLoop.move(listener, channel.eventLoop());
        } else {
            listener.close();
        }
    }
}
