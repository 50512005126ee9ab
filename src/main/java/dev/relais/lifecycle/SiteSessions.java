package dev.relais.lifecycle;

import dev.relais.ConfigurationProblem;
import dev.relais.LogText;
import dev.relais.process.WorkerUser;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The folders in which the sites keep their sessions, one for each, so that a session of one is none of another. Confined to one caller at a time. */
@Singleton
final class SiteSessions {
    private static final Logger LOG = Logger.getLogger(SiteSessions.class);
    private static final String KEY = "relais.sites.state-directory";

    private final SitesConfig config;
    private final Set<String> failed = new HashSet<>();

    SiteSessions(SitesConfig config) {
        this.config = config;
    }

    void check() {
        SitesConfig.check(config);
    }

    /** Where they are, by the configuration and this environment. */
    static Path base(SitesConfig config, Map<String, String> environment, boolean isRoot) {
        if (config.stateDirectory().isPresent()) {
            return config.stateDirectory().get().toAbsolutePath();
        }
        String service = environment.get("STATE_DIRECTORY");
        if (service != null && service.startsWith("/")) {
            return Path.of(service.split(":")[0], "sites");
        }
        if (isRoot) {
            return Path.of("/var/lib/relais/sites");
        }
        String state = environment.get("XDG_STATE_HOME");
        String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
        return state != null && state.startsWith("/")
                ? Path.of(state, "relais", "sites")
                : Path.of(home, ".local", "state", "relais", "sites");
    }

    /**
     * The folder of a site, which PHP's user alone may read. Makes it, and so blocks.
     *
     * @return null when it cannot be made: PHP then keeps the sessions where it does by itself
     * @throws ConfigurationProblem when the directory was named and cannot be used
     */
    @Nullable
    Path of(String site, WorkerUser user) {
        return of(site, user, "sessions");
    }

    /**
     * The folder of a site whose pool has a user of its own. Each user has another one, so that who still runs while the user changes keeps
     * its sessions, and nobody gets those of another user.
     */
    @Nullable
    Path ofOwn(String site, WorkerUser user) {
        return of(site, user, "sessions-" + user.name());
    }

    private synchronized @Nullable Path of(String site, WorkerUser user, String name) {
        Path base = base(config, System.getenv(), "root".equals(System.getProperty("user.name")));
        Path folder = base.resolve(site).resolve(name);
        try {
            List<Path> made = missing(folder);
            Files.createDirectories(folder);
            if (user.switched()) {
                Files.setAttribute(folder, "unix:uid", user.uid(), LinkOption.NOFOLLOW_LINKS);
                for (Path above : made) { // whatever the umask, PHP's user has to come through to its folder
                    Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwx--x--x"));
                }
            }
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            return folder.toRealPath();
        } catch (IOException | UnsupportedOperationException e) {
            if (config.stateDirectory().isPresent()) {
                throw new ConfigurationProblem(
                        KEY,
                        base,
                        "no folder for sessions can be made in it (" + e + ")",
                        "name a directory the gateway may write to");
            }
            if (failed.add(site)) {
                LOG.warnf(
                        "Sessions of a site are kept where PHP keeps those of all, relais.sites.state-directory may name"
                                + " another place: site=%s directory=%s cause=%s",
                        LogText.value(site), LogText.value(base), LogText.value(e));
            }
            return null;
        }
    }

    /** The folders that are not there, from the given one upwards. What is there belongs to somebody, and keeps its mode. */
    private static List<Path> missing(Path folder) {
        List<Path> all = new ArrayList<>();
        for (Path one = folder; one != null && Files.notExists(one, LinkOption.NOFOLLOW_LINKS); one = one.getParent()) {
            all.add(one);
        }
        return all;
    }
}
