package dev.relais.worker;

import dev.relais.ConfigurationProblem;
import dev.relais.Ranges;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.OptionalInt;

/** How many workers to run, and how patiently they are started, stopped and restarted. Read once at start. Call {@link #check} before. */
@ConfigMapping(prefix = "relais.workers")
public interface WorkersConfig {
    /** How many workers (PHP-FPM masters) to run, 1 to 512; a second one buys isolation and rolling restarts, not speed. */
    @WithDefault("2")
    int count();

    /** How many children (PHP processes, requests served at a time) each worker has, 1 to 1024; empty: sized from the cores and the memory. */
    OptionalInt children();

    /** How long a worker may take from its start until its children answer. */
    @WithDefault("10s")
    Duration startTimeout();

    /** How long a worker may take to stop, from SIGTERM to SIGKILL. */
    @WithDefault("5s")
    Duration stopTimeout();

    /** The pause before the first restart of a dead worker; it doubles with every further one. */
    @WithDefault("100ms")
    Duration restartDelay();

    /** The longest pause before a restart. */
    @WithDefault("30s")
    Duration restartDelayMax();

    /**
     * How many children each worker gets: as configured, else four for each core, at least 4 and at most 64, but no more than fit
     * into the memory, and two at least: what is assumed for the memory is more than most functions take.
     *
     * @param config the configuration
     * @param cores processors the gateway may use, at least 1
     * @param fit how many children fit into the memory, over all workers
     */
    static int childrenPerWorker(WorkersConfig config, int cores, long fit) {
        long usual = Math.min(64, Math.max(4, 4L * cores));
        return config.children().orElse((int) Math.max(2, Math.min(usual, fit / config.count())));
    }

    /**
     * Checks what the types cannot say.
     *
     * @throws ConfigurationProblem naming the first key that is out of its range
     */
    static void check(WorkersConfig config) {
        range("count", config.count(), 512);
        config.children().ifPresent(children -> range("children", children, 1024));
        positive("start-timeout", config.startTimeout());
        positive("stop-timeout", config.stopTimeout());
        positive("restart-delay", config.restartDelay());
        if (config.restartDelayMax().compareTo(config.restartDelay()) < 0) {
            throw problem(
                    "restart-delay-max", config.restartDelayMax(), "is below restart-delay", "set it to at least that");
        }
        positive("restart-delay-max", config.restartDelayMax());
    }

    private static void range(String key, int value, int most) {
        Ranges.number("relais.workers." + key, value, 1, most);
    }

    private static void positive(String key, Duration value) {
        Ranges.time("relais.workers." + key, value, Duration.ofMillis(1), Ranges.DAY);
    }

    private static ConfigurationProblem problem(String key, Object value, String problem, String remedy) {
        return new ConfigurationProblem("relais.workers." + key, value, problem, remedy);
    }
}
