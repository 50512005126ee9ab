package dev.relais.lifecycle;

import dev.relais.LogText;
import io.quarkus.runtime.Quarkus;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/**
 * The run in which the JVM writes down which classes the gateway uses, for a cache that makes later starts faster: the launcher's
 * {@code --make-cache}. The gateway starts, warms up, is asked what operators ask it, and ends. Where there is no PHP-FPM, as on a machine that
 * only builds, it starts no workers.
 */
@Singleton
class TrainingRun {
    /** The argument of the program that asks for it. */
    static final String ARGUMENT = "--training-run";

    private static final Logger LOG = Logger.getLogger(TrainingRun.class);
    private static final int PATIENCE_MILLIS = 10_000;

    private static volatile boolean asked;

    /** By whoever calls the program. */
    static void ask() {
        asked = true;
    }

    static boolean isAsked() {
        return asked;
    }

    /** Where the launcher has this program run: a folder of its own. */
    Path directory() {
        return Path.of("").toAbsolutePath();
    }

    /** The gateway has warmed up. */
    void end() {
        String port = ConfigProvider.getConfig().getValue("quarkus.management.port", String.class);
        for (String page : List.of(
                "/q/health/ready",
                "/q/health/live",
                "/q/health/started",
                "/q/metrics",
                "/q/relais",
                "/q/relais/system")) {
            visit("http://127.0.0.1:" + port + page);
        }
        Quarkus.asyncExit(0);
    }

    /** Asks for a page and reads it whole; a page that does not come is told of and left. Blocks for some seconds at most. */
    static void visit(String page) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(page).toURL().openConnection();
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            try (InputStream in = connection.getResponseCode() < 400 ? connection.getInputStream() : null) {
                LOG.infof("Visited: page=%s bytes=%d", LogText.value(page), in == null ? -1 : in.readAllBytes().length);
            }
        } catch (IOException e) {
            LOG.warnf("Page of the training run has not come: page=%s cause=%s", LogText.value(page), LogText.value(e));
        }
    }
}
