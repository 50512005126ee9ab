package dev.relais.http;

import dev.relais.ConfigurationProblem;
import dev.relais.Ranges;
import dev.relais.telemetry.LoadReport;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The HTTP edge, where Quarkus' own {@code quarkus.http.*} keys do not reach. */
@ConfigMapping(prefix = "relais.http")
public interface GatewayConfig {
    String PREFIX = "relais.http.";

    /** A connection is looked at every half of the shortest time. */
    Duration LEAST_TIME = Duration.ofMillis(10);

    /** The least memory, which has to suffice for four kinds. */
    long LEAST_MEMORY = 8 << 20;

    /** One array has to hold it. */
    long MOST_IN_MEMORY = 1 << 30;

    long MOST_ON_DISK = 1L << 60;

    /** How long a connection may wait between requests; never ends a running invocation. */
    @WithDefault("75s")
    Duration idleTimeout();

    /** How long a request head may take from its first byte on; then the connection is closed. */
    @WithDefault("30s")
    Duration headTimeout();

    /** How long a client may take nothing of its answer; then the connection is closed. */
    @WithDefault("30s")
    Duration writeTimeout();

    /**
     * Bytes per second that a client must take on average, counted only while bytes wait for it, after the first write-timeout; below
     * that its connection is closed, in HTTP/2 its stream. 0: no minimum.
     */
    @WithDefault("500")
    int writeMinRate();

    /** How long a client may hold an invocation back by reading slowly, in sum; then its answer is broken off. */
    @WithDefault("60s")
    Duration clientWait();

    /**
     * Open connections of each port; further ones are closed at once. Empty: 16384, or what memory or half of {@code ulimit -n}
     * holds, if that is less.
     */
    OptionalInt maxConnections();

    /**
     * What connections, heads, bodies and answers may take in memory, all of them together and a quarter for each kind; beyond that
     * they go to spool files, wait or get 503. Empty: half of the heap.
     */
    Optional<MemorySize> memory();

    /**
     * Whether a connection in clear may be switched to HTTP/2 by "Upgrade: h2c", which lets a request past the rules of a proxy that
     * passes the field on; never for the peers in trusted-proxies. Off, such a request is answered in HTTP/1.1; HTTP/2 by prior
     * knowledge stays.
     */
    @WithName("h2c-upgrade")
    @WithDefault("false")
    boolean h2cUpgrade();

    /** Header fields of a request; more are refused with 431. */
    @WithDefault("200")
    int maxHeaders();

    /** Whether small writes go out at once instead of waiting for an acknowledgement (TCP_NODELAY). */
    @WithDefault("true")
    boolean tcpNoDelay();

    /** The largest request body; larger ones are refused with 413. PHP's post_max_size applies as well. */
    @WithDefault("64M")
    MemorySize maxBodySize();

    /** How much of a request body is kept in memory; what is larger goes to a spool file. */
    @WithDefault("256K")
    MemorySize bodyMemory();

    /** How long a request body may pause; then the request ends with 408. */
    @WithDefault("30s")
    Duration bodyTimeout();

    /**
     * Bytes per second that a request body must have on average after its first body-timeout; below that it ends with 408, too. 0:
     * none.
     */
    @WithDefault("500")
    int bodyMinRate();

    /** Where spool files are made; they have no name once open. Empty: the system's temporary directory. */
    Optional<Path> spoolDirectory();

    /** Bytes of all spool files together; when they are reached, larger uploads get 503, and answers go at their clients' pace. */
    @WithDefault("4G")
    MemorySize spoolCapacity();

    /** How much of an answer that its client is slow to take is kept in memory; what is more goes to a spool file. */
    @WithDefault("256K")
    MemorySize responseMemory();

    /** How much of an answer is taken from PHP ahead of its client; beyond that PHP waits. */
    @WithDefault("16M")
    MemorySize responseBuffer();

    /** The largest response head that a function may send; a larger one is answered with 502. */
    @WithDefault("64K")
    MemorySize maxResponseHead();

    /** Addresses and ranges of the proxies whose forwarding headers, or PROXY protocol, say who the client is. Empty: none. */
    Optional<List<String>> trustedProxies();

    /** Which header the trusted proxies write: X-Forwarded-For and -Proto, or Forwarded; the other one is not looked at. */
    @WithDefault("x-forwarded")
    ForwardingHeader forwardingHeader();

    /**
     * The format in which each answer to a peer in trusted-proxies tells how loaded this gateway is: text, json or bin. Empty: only answers
     * to those of them that ask by endpoint-load-metrics-format.
     */
    Optional<LoadReport.Format> loadReport();

    /** Whether all answers tell in Server-Timing where their time went; functions.yaml may ask for it for single functions. */
    @WithDefault("false")
    boolean serverTiming();

    /**
     * Whether PHP's headers_send(103) sends 103 (Early Hints) to clients of HTTP/1.1 as well, some of which take it for the answer (RFC 8297
     * section 3). Those of HTTP/2 always get it, and those of HTTP/1.0 never.
     */
    @WithName("early-hints-http1")
    @WithDefault("false")
    boolean earlyHintsHttp1();

    /** The folders out of which functions may have files sent with X-Sendfile and their absolute path. */
    Optional<List<Path>> sendfileDirectories();

    /** Prefixes of X-Accel-Redirect, such as "/protected/", and the folders that they stand for. */
    Map<String, Path> accelRedirects();

    /** How much of small files and of compressed forms of files is kept in memory, so that they need not be read again. 0: nothing. */
    @WithDefault("16M")
    MemorySize fileMemory();

    /** With what answers are compressed for clients that accept it, best liked first: gzip, br, deflate. Empty: they are not. */
    Optional<List<ContentCoding>> compression();

    /** The media types that are compressed; text/event-stream never is. */
    @WithDefault(
            "text/html,text/plain,text/css,text/xml,text/csv,text/javascript,application/javascript,application/json,"
                    + "application/problem+json,application/ld+json,application/xml,application/xhtml+xml,"
                    + "application/rss+xml,application/atom+xml,application/manifest+json,image/svg+xml")
    List<String> compressionTypes();

    /**
     * Checks what the types cannot say, but for what {@link MemoryBudgets}, {@link Forwarding}, {@code files.SendfileFolders} and
     * {@link Compression} check for themselves.
     *
     * @throws ConfigurationProblem naming the first key that is out of its range
     */
    static void check(GatewayConfig config) {
        for (Map.Entry<String, Duration> time : Map.of(
                        "idle-timeout", config.idleTimeout(),
                        "head-timeout", config.headTimeout(),
                        "write-timeout", config.writeTimeout(),
                        "body-timeout", config.bodyTimeout(),
                        "client-wait", config.clientWait())
                .entrySet()) {
            Ranges.time(PREFIX + time.getKey(), time.getValue(), LEAST_TIME, Ranges.DAY);
        }
        config.maxConnections()
                .ifPresent(connections -> Ranges.number(PREFIX + "max-connections", connections, 1, 1_000_000));
        config.memory().ifPresent(memory -> Ranges.size(PREFIX + "memory", memory, LEAST_MEMORY, MOST_ON_DISK));
        Ranges.number(PREFIX + "max-headers", config.maxHeaders(), 1, 10_000);
        Ranges.number(PREFIX + "write-min-rate", config.writeMinRate(), 0, 1 << 30);
        Ranges.number(PREFIX + "body-min-rate", config.bodyMinRate(), 0, 1 << 30);
        Ranges.size(PREFIX + "max-body-size", config.maxBodySize(), 0, MOST_ON_DISK);
        Ranges.size(PREFIX + "body-memory", config.bodyMemory(), 0, MOST_IN_MEMORY);
        Ranges.size(PREFIX + "spool-capacity", config.spoolCapacity(), 0, MOST_ON_DISK);
        Ranges.size(PREFIX + "response-memory", config.responseMemory(), 16 << 10, MOST_IN_MEMORY);
        Ranges.size(PREFIX + "file-memory", config.fileMemory(), 0, MOST_IN_MEMORY);
        Ranges.size(PREFIX + "response-buffer", config.responseBuffer(), 0, MOST_ON_DISK);
        Ranges.size(PREFIX + "max-response-head", config.maxResponseHead(), 1 << 10, 16 << 20);
    }
}
