package dev.relais.functions;

import dev.relais.sites.Alias;
import dev.relais.sites.Application;
import dev.relais.sites.LinkTargets;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The state of a directory, as a hash over the path, inode, time and size of each file in it, so that a change of any file
 * gives another state. Only folders are read, not files.
 *
 * @param hash equal for equal trees; different trees have the same hash once in 2^32 cases
 * @param code a hash over only the PHP files, {@code functions.yaml} and symlinks, which workers and registry keep in memory;
 *     everything else is read from the disk whenever it is used
 */
record Tree(long hash, long code) {
    private static final int MOST_ENTRIES = 200_000;

    /**
     * The result of a walk.
     *
     * @param scripts the PHP files
     * @param traces the traces of folders and symlinks, which cheaply show what was renamed, added or removed, but not that a
     *     file was written to
     */
    record Scan(Tree tree, List<Path> scripts, Traces traces) {}

    /**
     * @param registry the functions whose settings say where symlinks may lead, besides where all may
     * @param now when the walk begins
     */
    static Scan scan(Path directory, FunctionsConfig config, FunctionRegistry registry, Instant now)
            throws IOException {
        Walk walk = new Walk(directory.toRealPath(), links(config, registry), config.ignore(), new Traces(now));
        walk.begin(directory);
        List<Path> scripts = List.copyOf(walk.scripts);
        addProjects(walk, config, registry);
        return new Scan(new Tree(walk.hash, walk.code), scripts, walk.traces);
    }

    /** The folders with the code of resident functions. */
    static Set<Path> projects(FunctionRegistry registry) {
        Set<Path> projects = new TreeSet<>();
        for (PhpFunction function : registry.all()) {
            if (function.resident() != null) {
                projects.add(function.resident().project());
            }
        }
        return projects;
    }

    /** Adds the code of resident functions whose projects lie around the folder that is in the directory. */
    private static void addProjects(Walk walk, FunctionsConfig config, FunctionRegistry registry) throws IOException {
        for (Path project : projects(registry)) {
            if (!project.startsWith(walk.root) && Files.isReadable(project)) {
                Walk of = new Walk(project, ResidentPlace.leftOut(config.ignore()), walk);
                of.folder(project);
                walk.add(of);
            }
        }
    }

    /**
     * Like {@link #scan(Path, FunctionsConfig, FunctionRegistry, Instant)}, with the code of the sites, whose folders lie elsewhere. Of
     * these only scripts count, and symlinks: what is uploaded into a site is no other code, nor is anything in a folder in which no
     * script may run. Their scripts are not among those of the result.
     */
    static Scan scanWithSites(Path directory, FunctionsConfig config, FunctionRegistry registry, Instant now)
            throws IOException {
        Walk walk = new Walk(directory.toRealPath(), links(config, registry), config.ignore(), new Traces(now));
        walk.begin(directory);
        List<Path> scripts = List.copyOf(walk.scripts);
        for (PhpFunction function : registry.all()) {
            Application site = function.isSite() ? function.application() : null;
            Path folder =
                    site == null ? null : Objects.requireNonNull(site.site()).folder();
            if (site != null && folder != null) {
                walk.add(folder, Objects.hashCode(walk.traces.follow(folder)), true); // a release switches it
                Walk of = new Walk(site, config.ignore(), walk);
                if (Files.isDirectory(site.root())) {
                    of.folder(site.root());
                }
                for (Alias alias : site.aliases()) {
                    if (Files.isDirectory(alias.root()) && !site.rules().isData(alias.prefix())) {
                        of.folder(alias.root());
                    }
                }
                walk.add(of);
            }
        }
        addProjects(walk, config, registry);
        for (PoolSettings pool : registry.pools().values()) {
            Path ini = pool.iniFile();
            if (ini != null) {
                Path real = walk.traces.follow(ini);
                walk.add(ini, real == null ? 0 : walk.traces.stamp(real).hashCode(), true);
            }
        }
        return new Scan(new Tree(walk.hash, walk.code), scripts, walk.traces);
    }

    /** Where symlinks may lead, besides into the directory itself; real. */
    static List<Path> links(FunctionsConfig config, FunctionRegistry registry) {
        List<Path> links = new ArrayList<>();
        for (Path path : config.allowSymlinksTo().orElse(List.of())) {
            addReal(links, path);
        }
        for (PhpFunction function : registry.all()) {
            for (Path path : function.settings().allowSymlinksTo()) {
                addReal(links, path);
            }
        }
        return links;
    }

    private static void addReal(List<Path> links, Path path) {
        try {
            links.add(path.toRealPath());
        } catch (IOException e) {
            // The allowed path does not exist, so no symlink leads there.
        }
    }

    /**
     * Walks a directory. Symlinks are followed where they may lead, and each folder is visited once. Blocks, for one or two
     * system calls for each file.
     *
     * @param links where symlinks may lead, besides into the directory itself; real
     * @param ignored what is left out, as names or as paths relative to the directory
     * @param now when the walk begins
     * @throws IOException when the directory is not there, or is too large
     */
    static Scan scan(Path directory, List<Path> links, Set<String> ignored, Instant now) throws IOException {
        Walk walk = new Walk(directory.toRealPath(), links, ignored, new Traces(now));
        walk.begin(directory);
        return new Scan(new Tree(walk.hash, walk.code), walk.scripts, walk.traces);
    }

    /** Spreads a hash over 64 bits (with the finaliser of MurmurHash3), so that a sum of many hashes does not cancel out. */
    private static long mix(long value) {
        long h = value * 0x9E3779B97F4A7C15L;
        h = (h ^ h >>> 33) * 0xFF51AFD7ED558CCDL;
        h = (h ^ h >>> 33) * 0xC4CEB9FE1A85EC53L;
        return h ^ h >>> 33;
    }

    /** One walk, on one thread. */
    private static final class Walk {
        private final Path root;
        private final List<Path> links;
        private final LeftOut ignored;
        private final @Nullable Application site; // null: the functions directory
        private final Set<Path> seen;
        private final List<Path> scripts = new ArrayList<>();
        private final Traces traces;
        private long hash;
        private long code;
        private int entries;

        Walk(Path root, List<Path> links, Set<String> ignored, Traces traces) {
            this.root = root;
            this.links = links;
            this.ignored = new LeftOut(root, ignored);
            this.site = null;
            this.seen = new HashSet<>();
            this.traces = traces;
        }

        /** @param before whose folders are not visited again */
        Walk(Path project, Set<String> ignored, Walk before) {
            this.root = project;
            this.links = before.links;
            this.ignored = new LeftOut(root, ignored);
            this.site = null;
            this.seen = before.seen;
            this.traces = before.traces;
            this.entries = before.entries;
        }

        /** @param before whose folders are not visited again */
        Walk(Application site, Set<String> ignored, Walk before) {
            this.root = site.root();
            this.links = site.links();
            this.ignored = new LeftOut(root, ignored);
            this.site = site;
            this.seen = before.seen;
            this.traces = before.traces;
            this.entries = before.entries;
        }

        void begin(Path directory) throws IOException {
            hash = mix(root.hashCode());
            code = hash;
            folder(root);
            traces.follow(directory);
        }

        void add(Walk other) {
            hash += mix(other.root.hashCode()) + other.hash;
            code += mix(other.root.hashCode()) + other.code;
            entries = other.entries;
        }

        /** Whether no script may run in a folder of the site, so that what lies there is data. */
        private boolean isData(Path folder) {
            return site != null && folder.startsWith(root) && site.rules().isData("/" + root.relativize(folder) + "/");
        }

        void folder(Path folder) throws IOException {
            if (!seen.add(folder)) {
                return;
            }
            traces.stamp(folder);
            for (Path entry : DirectoryScan.list(folder)) {
                try {
                    if (!ignored.covers(entry)) {
                        look(entry);
                    }
                } catch (NoSuchFileException | AccessDeniedException e) {
                    // It was removed meanwhile, or PHP could not read it either, so it is no part of the code.
                }
            }
        }

        private void look(Path entry) throws IOException {
            if (++entries > MOST_ENTRIES) {
                throw new IOException("more than " + MOST_ENTRIES + " files; name some in relais.functions.ignore");
            }
            BasicFileAttributes attributes =
                    Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            Path real = entry;
            if (attributes.isSymbolicLink()) {
                real = traces.follow(entry);
                if (real == null) {
                    return; // it leads nowhere
                }
                add(entry, real.hashCode(), true);
                if (!real.startsWith(root) && !LinkTargets.within(real, links)) {
                    return;
                }
                attributes = Files.readAttributes(real, BasicFileAttributes.class);
            }
            if (attributes.isDirectory()) {
                if (isData(real)) {
                    return;
                }
                if (site == null) {
                    add(entry, 1, false);
                }
                folder(real);
            } else if (attributes.isRegularFile()) {
                String name = real.getFileName().toString();
                boolean script = name.endsWith(FunctionNames.EXTENSION);
                if (site == null || script) {
                    add(entry, Stamp.of(attributes).hashCode(), script || name.equals(SettingsFile.NAME));
                }
                if (script && seen.add(real)) {
                    scripts.add(real);
                }
            }
        }

        /** Adds an entry to the hash. The order of the calls does not matter. */
        private void add(Path entry, int what, boolean isCode) {
            long mixed = mix((long) entry.hashCode() << 32 ^ what);
            hash += mixed;
            code += isCode ? mixed : 0;
        }
    }
}
