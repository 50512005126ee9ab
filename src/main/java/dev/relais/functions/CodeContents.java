package dev.relais.functions;

import dev.relais.LogText;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the versions of all functions up: hashes over the contents of their files. A change is told first, and from then on the versions
 * are unknown until the changed files were read, on a thread of its own. Any thread.
 */
@Singleton
public final class CodeContents implements CodeVersions {
    private static final Logger LOG = Logger.getLogger(CodeContents.class);
    private static final long RETRY_MILLIS = 1_000;

    private final FunctionsConfig config;
    private final CodeDigest digest = new CodeDigest(); // of the thread
    private volatile @Nullable Published published; // null: not known now
    private volatile long epoch;
    private volatile Consumer<String> onChanged = function -> {};
    private @Nullable Thread thread;
    private @Nullable Path served;
    private @Nullable Supplier<FunctionRegistry> registry;
    private final Set<String> changed = new HashSet<>(); // real paths, since the last reading; guarded by this
    private boolean all; // any file may have changed
    private boolean wanted;
    private boolean stopped;

    private record Published(Map<String, String> versions, Set<String> asking) {}

    @Inject
    CodeContents(FunctionsConfig config) {
        this.config = config;
    }

    /** Sets the listener that is told the name of each function whose code has changed, or may have. */
    public void onChanged(Consumer<String> listener) {
        onChanged = listener;
    }

    /**
     * Begins to read, without waiting for it.
     *
     * @param directory that PHP reads
     * @param functions those in force
     */
    public synchronized void start(Path directory, Supplier<FunctionRegistry> functions) {
        served = directory;
        registry = functions;
        all = true;
        wanted = true;
        Thread reader = new Thread(this::run, "relais-contents");
        reader.setDaemon(true);
        thread = reader;
        reader.start();
    }

    /** Other functions are in force. */
    public synchronized void reloaded() {
        epoch++;
        published = null;
        all = true;
        want();
    }

    /** Something has changed on the disk, as {@link Functions#watchCode} tells. */
    public synchronized void tell(CodeChange change) {
        boolean code = change.all() || isCode(change.changed());
        boolean doubt = isCode(change.doubtful());
        if (!code && !doubt) {
            return;
        }
        epoch++;
        published = null;
        changed.addAll(change.changed());
        changed.addAll(change.doubtful());
        all |= change.all();
        want();
    }

    private static boolean isCode(Set<String> paths) {
        for (String path : paths) {
            String name = path.substring(path.lastIndexOf('/') + 1);
            // Without an extension it may be a folder that came or went with its files.
            if (name.endsWith(FunctionNames.EXTENSION) || name.equals(SettingsFile.NAME) || name.indexOf('.') < 0) {
                return true;
            }
        }
        return false;
    }

    private void want() {
        wanted = true;
        notifyAll();
    }

    @PreDestroy
    synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    private void run() {
        Map<String, String> before = Map.of();
        while (true) {
            Set<String> paths;
            boolean any;
            long at;
            synchronized (this) {
                while (!wanted && !stopped) {
                    await(0);
                }
                if (stopped) {
                    return;
                }
                wanted = false;
                paths = Set.copyOf(changed);
                any = all;
                at = epoch;
                changed.clear();
                all = false;
            }
            try {
                before = read(paths, any, at, before);
            } catch (IOException | RuntimeException e) {
                LOG.warnf(
                        "Answers are not kept for now, the code cannot be read: cause=%s",
                        LogText.value(e instanceof IOException io ? FunctionNames.reason(io) : e.toString()));
                synchronized (this) {
                    changed.addAll(paths);
                    all |= any;
                    wanted = true;
                    await(RETRY_MILLIS);
                }
            }
        }
    }

    /** Holding the lock. */
    private void await(long millis) {
        try {
            wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped = true;
        }
    }

    private Map<String, String> read(Set<String> paths, boolean any, long at, Map<String, String> before)
            throws IOException {
        FunctionRegistry now = Objects.requireNonNull(registry).get();
        Path directory = Objects.requireNonNull(served);
        TreeMap<String, CodeDigest.Content> contents = digest.read(
                directory, Tree.links(config, now), config.ignore(), file -> any || paths.contains(file.toString()));
        String root = directory.toRealPath() + "/";
        String whole = version(contents, null, "");
        Map<String, String> versions = new HashMap<>();
        Set<String> asking = new HashSet<>();
        for (PhpFunction function : now.all()) {
            CacheSettings settings = function.settings().cache();
            List<String> files = settings.files();
            versions.put(function.name(), files == null ? whole : version(contents, files, settings.toString()));
            if (asks(function, contents, root)) {
                asking.add(function.name());
            }
        }
        Published fresh = new Published(Map.copyOf(versions), Set.copyOf(asking));
        for (PhpFunction function : now.all()) {
            String name = function.name();
            List<String> files = function.settings().cache().files();
            boolean touched = files == null ? any || !paths.isEmpty() : any || touches(paths, files, root);
            // Also when the version is the same again: meanwhile other code may have answered.
            if (touched || !Objects.equals(versions.get(name), before.get(name))) {
                onChanged.accept(name);
            }
        }
        synchronized (this) {
            if (epoch == at) {
                published = fresh;
            }
        }
        return fresh.versions;
    }

    /** @param files null for all */
    private static String version(
            TreeMap<String, CodeDigest.Content> contents, @Nullable List<String> files, String settings) {
        MessageDigest sum = CodeDigest.sha256();
        sum.update(settings.getBytes(StandardCharsets.UTF_8));
        contents.forEach((name, content) -> {
            if (files == null || isAmong(name, files)) {
                sum.update((name + '\0' + content.digest() + '\n').getBytes(StandardCharsets.UTF_8));
            }
        });
        return CodeDigest.hex(sum.digest());
    }

    private static boolean isAmong(String name, List<String> files) {
        String plain = name.endsWith(" ->") ? name.substring(0, name.length() - 3) : name;
        for (String file : files) {
            String folder = file.endsWith("/") ? file : file + "/";
            if (plain.equals(file) || plain.startsWith(folder) || folder.startsWith(plain + "/")) {
                return true;
            }
        }
        return false;
    }

    private static boolean touches(Set<String> paths, List<String> files, String root) {
        for (String path : paths) {
            if (!path.startsWith(root) || isAmong(path.substring(root.length()), files)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the function's script, or any script of its folder, asks for answers to be kept. */
    private static boolean asks(PhpFunction function, TreeMap<String, CodeDigest.Content> contents, String root) {
        String script = function.scriptFilename();
        String name = script.startsWith(root) ? script.substring(root.length()) : script;
        if (!function.folder()) {
            CodeDigest.Content content = contents.get(name);
            return content == null || content.asks(); // of one behind a link nothing is known
        }
        String folder = name.substring(0, name.lastIndexOf('/') + 1);
        for (Map.Entry<String, CodeDigest.Content> entry :
                contents.tailMap(folder).entrySet()) {
            if (!entry.getKey().startsWith(folder)) {
                return false;
            }
            if (entry.getValue().asks()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public @Nullable String version(PhpFunction function) {
        Published now = published;
        return now == null ? null : now.versions.get(function.name());
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public boolean mentionsCaching(PhpFunction function) {
        Published now = published;
        return now != null && now.asking.contains(function.name());
    }
}
