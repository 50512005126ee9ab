package dev.relais.functions;

import dev.relais.LogText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The folders whose code is followed: by the kernel's events, where it tells of all changes, else by looking at their times. */
final class CodeFolders implements CodeWatch.Folders {
    private static final Logger LOG = Logger.getLogger(CodeFolders.class);

    private final FunctionsConfig config;
    private final Path served;
    private final Supplier<FunctionRegistry> registry;
    private final BooleanSupplier serving;
    private final Clock clock;
    private final LongSupplier nanos;
    private @Nullable String polls; // why, as logged last; null: it does not

    /**
     * @param served the directory that PHP reads
     * @param registry whose functions say where symlinks may lead
     * @param serving whether there was a request since it was asked last
     */
    CodeFolders(
            FunctionsConfig config,
            Path served,
            Supplier<FunctionRegistry> registry,
            BooleanSupplier serving,
            Clock clock,
            LongSupplier nanos) {
        this.config = config;
        this.served = served;
        this.registry = registry;
        this.serving = serving;
        this.clock = clock;
        this.nanos = nanos;
    }

    @Override
    public Object place() {
        try {
            Path real = served.toRealPath();
            Object key = Files.getAttribute(real, "fileKey");
            return List.of(
                    real, key == null ? "" : key, Tree.links(config, registry.get()), Tree.projects(registry.get()));
        } catch (IOException e) {
            return "none";
        }
    }

    @Override
    public CodeWatch.Followed follow() throws IOException {
        Tree.Scan scan = Tree.scan(served, config, registry.get(), clock.instant());
        Set<Path> folders = scan.traces().stamped();
        return new CodeWatch.Followed(
                watch(scan.traces(), folders), folders, scan.traces().isRacy());
    }

    private FolderWatch watch(Traces traces, Set<Path> folders) throws IOException {
        String reason;
        try {
            Path shared = shared();
            if (shared == null) {
                Set<Path> known = new HashSet<>(folders);
                known.addAll(traces.followed());
                FolderWatch events = FolderEvents.of(folders, known, new LeftOut(served.toRealPath(), config.ignore()));
                polls = null;
                return events;
            }
            reason = "others may write to " + shared;
        } catch (IOException e) {
            reason = FunctionNames.reason(e);
        }
        if (!reason.equals(polls)) {
            polls = reason;
            LOG.infof(
                    "Changed code is looked for by polling, the kernel does not tell of it: cause=%s",
                    LogText.value(reason));
        }
        return new FolderPoll(traces, serving, config.scanInterval().toNanos(), nanos, FolderPoll.Sleep.REAL);
    }

    /** Null when the kernel sees all changes. */
    private @Nullable Path shared() throws IOException {
        Set<Path> places = new HashSet<>(Tree.links(config, registry.get()));
        places.add(served.toRealPath());
        for (Path place : places) {
            if (FolderEvents.isShared(place)) {
                return place;
            }
        }
        return null;
    }
}
