package dev.relais.redis;

import dev.relais.ConfigurationProblem;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.RedisOptions;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is. Immutable.
 *
 * @param connection as the client takes it, with what is secret
 * @param shown for log and status, without that
 */
record RedisAddress(String connection, String shown) {
    private static final String KEY = "relais.cache.redis.url";
    private static final int MOST_PORT = 65_535;
    private static final String REMEDY =
            "set redis://host:6379, rediss://user@host:6379/0 or unix:///path/to/socket, and the password into relais.cache.redis.password";

    /** @throws ConfigurationProblem when it is none; it never shows a password */
    static RedisAddress of(String url) {
        URI uri;
        try {
            uri = new URI(url.strip());
        } catch (URISyntaxException e) {
            throw problem("(not shown)", "cannot be read");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme();
        return switch (scheme) {
            case "redis", "rediss" -> byHost(uri, scheme);
            case "unix" -> bySocket(uri);
            default -> throw problem(shown(uri), "has a scheme that is not known");
        };
    }

    private static RedisAddress byHost(URI uri, String scheme) {
        if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > MOST_PORT) {
            throw problem(shown(uri), "names no host and port");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw problem(shown(uri), "has a query");
        }
        String path = uri.getPath() == null ? "" : uri.getPath();
        if (!path.isEmpty() && !path.equals("/") && !path.matches("/\\d{1,5}")) {
            throw problem(shown(uri), "has something else than the number of a database behind the host");
        }
        String user = uri.getRawUserInfo();
        // The client takes a user only together with a password, or as a parameter.
        String query = user == null || user.indexOf(':') >= 0 ? "" : "?user=" + user;
        String info = user == null || user.indexOf(':') < 0 ? "" : user + "@";
        return new RedisAddress(scheme + "://" + info + hostAndPort(uri) + path + query, shown(uri));
    }

    private static String hostAndPort(URI uri) {
        return uri.getHost() + ":" + (uri.getPort() < 0 ? 6379 : uri.getPort());
    }

    private static RedisAddress bySocket(URI uri) {
        if (uri.getPath() == null || uri.getPath().length() < 2 || uri.getRawAuthority() != null) {
            throw problem(shown(uri), "names no socket");
        }
        return new RedisAddress(uri.toString(), shown(uri));
    }

    /** How the client connects to it. */
    RedisOptions options(RedisConfig config) {
        NetClientOptions net = new NetClientOptions()
                .setConnectTimeout((int) RedisLink.CONNECT_MILLIS)
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true);
        if (connection.startsWith("rediss:")) {
            net.setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
            config.caFile().ifPresent(file -> net.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
        }
        RedisOptions options = new RedisOptions()
                .setConnectionString(connection)
                .setNetClientOptions(net)
                .setMaxPoolSize(RedisLink.CONNECTIONS)
                .setMaxPoolWaiting(RedisLink.CONNECTIONS)
                .setMaxWaitingHandlers(RedisLink.MOST_COMMANDS)
                .setPoolCleanerInterval(-1);
        config.password().ifPresent(options::setPassword);
        return options;
    }

    private static String shown(URI uri) {
        String host = uri.getHost() == null ? "" : hostAndPort(uri);
        return uri.getScheme() + "://" + host + (uri.getPath() == null ? "" : uri.getPath());
    }

    private static ConfigurationProblem problem(@Nullable String value, String problem) {
        return new ConfigurationProblem(KEY, value, problem, REMEDY);
    }
}
