package dev.relais.sites;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A folder that is served as a whole: a site, or a function with {@code application: true}. Its static files and scripts are reached by
 * their own paths, and its fallback answers all other paths. Each request asks the disk what its path means, so a change is in force at
 * the next request.
 *
 * @param mount the path below which clients reach it, without a slash at its end; empty for the root of a host
 * @param root the folder's real path
 * @param aliases other folders for some of its paths, the longest prefix first
 * @param links where symlinks may lead, besides into the folder itself; real
 * @param rules what holds for its paths
 * @param site where it is reached as a site; null when it is a function's folder
 * @param variables what its scripts get besides the variables of CGI, or in their place
 */
public record Application(
        String mount,
        Path root,
        List<Alias> aliases,
        List<Path> links,
        PathRules rules,
        @Nullable Site site,
        Map<String, String> variables) {
    /** The root of a site that is only rules: a place in which nothing can be. */
    public static final Path NOWHERE = Path.of("/dev/null");

    public Application {
        if (mount.endsWith("/") || !mount.isEmpty() && !mount.startsWith("/")) {
            throw new IllegalArgumentException("not a mount: '" + mount + "'");
        }
        aliases = List.copyOf(aliases);
        links = List.copyOf(links);
        variables = Map.copyOf(variables);
    }

    /** Where a path is, of which nothing may be there. */
    Path at(String path) {
        for (Alias alias : aliases) {
            if (alias.has(path)) {
                return alias.at(path);
            }
        }
        return root.resolve(path.substring(1));
    }

    /** The path by which a client would ask for a place in one of its folders; null when the place is in none of them. */
    @Nullable
    String pathOf(Path real) {
        Path folder = real.startsWith(root) ? root : null;
        String prefix = "/";
        for (Alias alias : aliases) {
            if (real.startsWith(alias.root()) && (folder == null || alias.root().startsWith(folder))) {
                folder = alias.root();
                prefix = alias.prefix();
            }
        }
        return folder == null ? null : prefix + folder.relativize(real);
    }

    /** Whether a real path is in one of its folders, or where its links may lead. */
    public boolean contains(Path real) {
        return pathOf(real) != null || LinkTargets.within(real, links);
    }

    /** Finds what answers a request. Asks the file system, and so blocks. */
    public Place find(Asked asked) {
        return new Decision(this, asked).place();
    }

    /**
     * What answers when a file that was found cannot be sent: the site's page of this error, or a refusal. Blocks.
     *
     * @param status of the error
     */
    public Place instead(Asked asked, Place file, int status) {
        return new Decision(this, asked).instead(file, status);
    }

    /**
     * What scripts get as DOCUMENT_ROOT: the root; or, when it ends as the mount does, the folder from which the mount leads to it, so
     * that DOCUMENT_ROOT and SCRIPT_NAME together name the script, as behind nginx.
     */
    public String documentRoot() {
        if (!mount.isEmpty() && root.endsWith(mount.substring(1))) {
            Path above = root;
            for (int i = 0; above != null && i < Path.of(mount).getNameCount(); i++) {
                above = above.getParent();
            }
            if (above != null) {
                return above.toString();
            }
        }
        return root.toString();
    }
}
