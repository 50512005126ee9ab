package dev.relais.functions;

import dev.relais.sites.Application;
import dev.relais.sites.Site;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What PHP is told of the sites: a section of an ini file for the folder of each. A setting that comes with a request would stay in the
 * child for the requests of other sites; one of a folder's section holds for the scripts below that folder alone.
 */
public final class SiteIni {
    private SiteIni() {}

    /** Whether workers that know one of them know the other, too. */
    static boolean tellsTheSame(FunctionRegistry one, FunctionRegistry other) {
        if (!one.pools().equals(other.pools()) || !of(one, null, Path::of).equals(of(other, null, Path::of))) {
            return false;
        }
        return one.pools().values().stream()
                .allMatch(pool -> of(one, pool, Path::of).equals(of(other, pool, Path::of)));
    }

    /**
     * @param pool whose sites they are; null for those without one
     * @param sessions gives the folder in which a site, by its name, keeps its sessions; null where PHP keeps them
     * @return empty when there is nothing to tell
     */
    public static String of(
            FunctionRegistry registry, @Nullable PoolSettings pool, Function<String, @Nullable Path> sessions) {
        Map<Path, Application> byRoot = new TreeMap<>(); // outer folders first
        Map<Path, String> cookiePaths = new TreeMap<>();
        for (PhpFunction function : registry.all()) {
            Application application = function.application();
            if (function.isSite()
                    && Objects.equals(function.settings().pool(), pool)
                    && application != null
                    && !application.root().equals(Application.NOWHERE)) {
                byRoot.putIfAbsent(application.root(), application);
                // One folder at two places: a cookie for both.
                cookiePaths.merge(
                        application.root(), application.mount() + "/", (one, other) -> one.equals(other) ? one : "/");
            }
        }
        StringBuilder ini = new StringBuilder();
        byRoot.forEach((root, application) -> {
            Site site = Objects.requireNonNull(application.site());
            Map<String, String> settings = new TreeMap<>();
            boolean elsewhere = PoolSettings.placesSessions(site.php()) || pool != null && pool.placesSessions();
            Path folder = elsewhere ? null : sessions.apply(site.name());
            if (folder != null) {
                settings.put("session.save_path", folder.toString());
                settings.put("session.gc_probability", "1"); // Debian's cleaner looks elsewhere
                settings.put("session.gc_divisor", "1000");
            }
            cookies(settings, root, cookiePaths);
            settings.putAll(site.php());
            settings.values().removeIf(String::isEmpty);
            if (!settings.isEmpty()) {
                ini.append("[PATH=").append(root).append("]\n");
            }
            settings.forEach((name, value) ->
                    ini.append(name).append(" = '").append(value).append("'\n"));
        });
        return ini.toString();
    }

    /**
     * Keeps the cookie of a mount's session apart from those of other mounts. A script could not change the path then, and PHP's
     * session_set_cookie_params gives up at the first parameter that cannot be changed, before it comes to HttpOnly and SameSite: so the
     * section has these as well. At the root of a host the path is PHP's own, and scripts decide.
     */
    private static void cookies(Map<String, String> settings, Path root, Map<Path, String> cookiePaths) {
        String path = Objects.requireNonNull(cookiePaths.get(root));
        boolean isMounted = !path.equals("/");
        if (isMounted || isBelowMounted(root, cookiePaths)) { // below another one its settings hold, too
            settings.put("session.cookie_path", path);
            settings.put("session.cookie_httponly", "1");
            settings.put("session.cookie_samesite", "Lax");
        }
    }

    private static boolean isBelowMounted(Path root, Map<Path, String> cookiePaths) {
        for (Path above = root.getParent(); above != null; above = above.getParent()) {
            if (!cookiePaths.getOrDefault(above, "/").equals("/")) {
                return true;
            }
        }
        return false;
    }
}
