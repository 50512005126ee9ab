package dev.relais.gateway;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The HTTP edge, where Quarkus' own {@code quarkus.http.*} keys do not reach. */
@ConfigMapping(prefix = "relais.http")
public interface GatewayConfig {
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

    /** Open connections of each port; further ones are closed at once. */
    @WithDefault("16384")
    int maxConnections();

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

    /** Bytes per second that a request body must have on average after its first body-timeout; below that it ends with 408, too. */
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

    /** The folders out of which functions may have files sent with X-Sendfile and their absolute path. */
    Optional<List<Path>> sendfileDirectories();

    /** Prefixes of X-Accel-Redirect, such as "/protected/", and the folders that they stand for. */
    Map<String, Path> accelRedirects();

    /** With what answers are compressed for clients that accept it, best liked first: gzip, br, deflate. Empty: they are not. */
    Optional<List<ContentCoding>> compression();

    /** The media types that are compressed; text/event-stream never is. */
    @WithDefault(
            "text/html,text/plain,text/css,text/xml,text/csv,text/javascript,application/javascript,application/json,"
                    + "application/problem+json,application/ld+json,application/xml,application/xhtml+xml,"
                    + "application/rss+xml,application/atom+xml,application/manifest+json,image/svg+xml")
    List<String> compressionTypes();
}
