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

    /**
     * @param sessions gives the folder in which a site, by its name, keeps its sessions; null where PHP keeps them
     * @return empty when there is nothing to tell
     */
    public static String of(FunctionRegistry registry, Function<String, @Nullable Path> sessions) {
        return String.join("", sections(registry, sessions).values());
    }

    /**
     * The sections by the folders that they are for, the outer ones first.
     *
     * @param sessions as for {@link #of}
     */
    static Map<Path, String> sections(FunctionRegistry registry, Function<String, @Nullable Path> sessions) {
        Map<Path, Application> byRoot = new TreeMap<>(); // outer folders first
        Map<Path, String> cookiePaths = new TreeMap<>();
        for (PhpFunction function : registry.all()) {
            Application application = function.application();
            if (function.isSite() && application != null && !application.root().equals(Application.NOWHERE)) {
                byRoot.putIfAbsent(application.root(), application);
                // One folder at two places: a cookie for both.
                cookiePaths.merge(
                        application.root(), application.mount() + "/", (one, other) -> one.equals(other) ? one : "/");
            }
        }
        Map<Path, String> sections = new TreeMap<>();
        byRoot.forEach((root, application) -> {
            Site site = Objects.requireNonNull(application.site());
            Map<String, String> settings = new TreeMap<>();
            Path folder =
                    site.php().containsKey("session.save_path") || site.php().containsKey("session.save_handler")
                            ? null
                            : sessions.apply(site.name());
            if (folder != null) {
                settings.put("session.save_path", folder.toString());
                settings.put("session.gc_probability", "1"); // Debian's cleaner looks elsewhere
                settings.put("session.gc_divisor", "1000");
            }
            settings.put("session.cookie_path", Objects.requireNonNull(cookiePaths.get(root)));
            settings.putAll(site.php());
            settings.values().removeIf(String::isEmpty);
            StringBuilder section = new StringBuilder("[PATH=").append(root).append("]\n");
            settings.forEach((name, value) ->
                    section.append(name).append(" = '").append(value).append("'\n"));
            sections.put(root, section.toString());
        });
        return sections;
    }
}
