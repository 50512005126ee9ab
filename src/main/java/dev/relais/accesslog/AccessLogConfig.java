package dev.relais.accesslog;

import dev.relais.ConfigurationProblem;
import dev.relais.Ranges;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** The access log. */
@ConfigMapping(prefix = "relais.access-log")
public interface AccessLogConfig {
    String PREFIX = "relais.access-log.";

    /** What lines look like: off, combined, json, or a pattern with variables, such as "$remote_addr $status". */
    @WithDefault("off")
    String format();

    /** The file that lines are appended to. Empty, and without syslog: standard output. */
    Optional<Path> file();

    /** Where lines are sent to as RFC 5424 says: the path of a Unix socket, such as /dev/log, or host:port of a server, by UDP. */
    Optional<String> syslog();

    /** From which size on the file is put aside and a new one is begun. 0: never. */
    @WithDefault("64M")
    MemorySize maxSize();

    /** How many files that were put aside are kept. */
    @WithDefault("5")
    int keep();

    /** How much of what is not written yet is kept in memory; beyond that lines are dropped. */
    @WithDefault("4M")
    MemorySize buffer();

    /** @throws ConfigurationProblem naming the first key that cannot work */
    static void check(AccessLogConfig config) {
        LineFormats.of(config.format());
        if (config.file().isPresent() && config.syslog().isPresent()) {
            throw new ConfigurationProblem(
                    PREFIX + "syslog", config.syslog().get(), "stands beside " + PREFIX + "file", "remove one of them");
        }
        config.syslog().ifPresent(SyslogAddress::of);
        Ranges.size(PREFIX + "max-size", config.maxSize(), 0, 1L << 60);
        Ranges.number(PREFIX + "keep", config.keep(), 0, 1000);
        Ranges.size(PREFIX + "buffer", config.buffer(), 64 << 10, 1 << 30);
    }
}
