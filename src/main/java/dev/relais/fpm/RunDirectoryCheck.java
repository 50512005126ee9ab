package dev.relais.fpm;

import dev.relais.system.Disk;
import dev.relais.system.Finding;
import dev.relais.system.HostCheck;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;

/** The disk of the run directory. */
@Singleton
final class RunDirectoryCheck implements HostCheck {
    /** Sockets and configuration of many masters, with some reserve. */
    private static final long LEAST_BYTES = 4 << 20;

    private final FpmConfig config;
    private final FpmKind kind;

    @Inject
    RunDirectoryCheck(FpmConfig config, FpmKind kind) {
        this.config = config;
        this.kind = kind;
    }

    /** Who PHP's user is takes a command to find out. */
    @Override
    public boolean isSlow() {
        return true;
    }

    @Override
    public List<Finding> findings() {
        Path base = config.runDirectory().orElseGet(() -> RunPlace.usual(System.getenv(), kind.user()));
        Disk disk = Disk.of(base);
        return List.of(
                Finding.of(
                        disk.freeBytes() < 0 || disk.freeBytes() >= LEAST_BYTES,
                        "run directory",
                        disk.text(),
                        "at least " + (LEAST_BYTES >> 20) + " MiB free",
                        "sockets and configuration cannot be written, so no PHP-FPM master can be started or restarted",
                        "relais.workers.run-directory names a folder with space (in a pod an emptyDir; systemd: RuntimeDirectory=)"));
    }
}
