package dev.relais.functions;

import dev.relais.FileNames;
import dev.relais.events.Events;
import dev.relais.events.FunctionsEvent;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The functions as they are now. Any thread may call {@link #current()} at any time. The registry is written by the thread that
 * calls {@link #start}, and from then on only by the thread {@code relais-functions}; but functions whose pools are others wait in
 * {@link HeldFunctions} for the thread that switches, which starts what the pools need first. With {@link Reload#GENERATIONS} that
 * thread only reports changes, and the thread that switches writes the registry: it calls {@link #candidate}, then
 * {@link #publish} or {@link #drop}.
 */
@Singleton
public final class Functions implements CodeChanges, Candidates {
    private static final Logger LOG = Logger.getLogger(Functions.class);
    private static final int START_TRIES = 3;

    private final FunctionsConfig config;
    private final Events events;
    private final Clock clock;
    private final LongSupplier nanos;
    private final List<Consumer<FunctionRegistry>> listeners = new CopyOnWriteArrayList<>();

    private volatile FunctionRegistry current = FunctionRegistry.empty();
    private final Bulletin bulletin;
    private volatile @Nullable Watch watch;
    private volatile @Nullable Changes changes; // null without generations
    private volatile Runnable onChanged = () -> {};
    private volatile @Nullable CodeWatch codeWatch; // null: nobody wants to hear of changed code
    private final HeldFunctions held = new HeldFunctions(this::current, this::reload);

    // The following fields are confined to the starting thread, then to the one that writes the registry.
    @SuppressWarnings("NullAway.Init") // by start, before anything is loaded
    private FunctionSource source;

    private @Nullable String blindness; // of the watch thread: why it sees nothing; null: it sees

    @Inject
    Functions(FunctionsConfig config, Events events) {
        this(config, events, Clock.systemUTC(), System::nanoTime);
    }

    /** Functions that are always these, whatever is in any folder: nothing is looked at, and nobody is told of them. */
    public static Functions fixed(FunctionsConfig config, FunctionRegistry registry) {
        Functions functions = new Functions(config, new Events());
        functions.current = registry;
        return functions;
    }

    /** @param nanos as {@link System#nanoTime} */
    Functions(FunctionsConfig config, Events events, Clock clock, LongSupplier nanos) {
        this.nanos = nanos;
        this.events = events;
        this.config = config;
        this.clock = clock;
        this.bulletin = new Bulletin(config.directory().toAbsolutePath(), events);
    }

    /**
     * The registry in force; empty before {@link #start}, never null. An invocation keeps it in a local variable, so that it
     * sees one state. Any thread.
     */
    @Override
    public FunctionRegistry current() {
        return current;
    }

    /** The status for operators, which is of one moment; never null. */
    public FunctionsStatus status() {
        return bulletin.status();
    }

    public Reload reload() {
        return config.reload();
    }

    /**
     * Scans for the first time, publishes the result, and then watches the directory. Listeners are not called for this first
     * registry.
     *
     * @param copyTo where to keep a mirror of the directory, which is then served; null to serve the directory itself
     * @param reservable how many children functions may reserve in all
     * @param php what PHP and its user can do
     * @throws dev.relais.ConfigurationProblem when there is no such directory, it cannot be read, or {@code functions.yaml} is wrong
     * @throws IllegalStateException when already started
     */
    public synchronized void start(@Nullable Path copyTo, int reservable, PhpAccess php) {
        if (watch != null && !watch.stopped()) {
            throw new IllegalStateException("the functions are already watched");
        }
        FunctionsConfig.check(config);
        FunctionsDirectory.check(status().directory());
        FunctionSource.Loaded loaded = firstLoad(copyTo, reservable, php);
        bulletin.warn(loaded.warnings());
        publish(loaded.registry(), 0, null);
        events.add(
                new FunctionsEvent.Loaded(current.size(), status().directory().toString()));
        if (!FileNames.areUtf8()) {
            LOG.warn(FileNames.PROBLEM);
        }
        changes = config.reload() == Reload.GENERATIONS ? firstChanges() : null;
        watch = new Watch(this::poll, config.scanInterval(), nanos);
        watch.start();
    }

    /** Has this read the contents of the code, and read them again when other functions are in force: once it is started. */
    public void readContents(CodeContents contents) {
        contents.start(source.served(), this::current);
        onChange(registry -> contents.reloaded());
    }

    /** Has somebody told of changed code, on a thread of its own; {@code serving} says whether there was a request since then. */
    public synchronized void watchCode(Consumer<CodeChange> listener, BooleanSupplier serving) {
        CodeFolders folders = new CodeFolders(config, source.served(), this::current, serving, clock, nanos);
        codeWatch = CodeWatch.start(folders, listener, nanos);
    }

    /** Stops watching the directory; the registry stays. May be called more than once, and without a start. */
    @PreDestroy
    public synchronized void stop() {
        CodeWatch followed = codeWatch;
        if (followed != null) {
            followed.stop();
        }
        if (watch != null) {
            watch.stop();
        }
    }

    /**
     * Scans now, on the watch thread. Callers share one scan, which starts after their calls. With generations the result
     * completes only when a generation with the change that was found serves or was given up.
     *
     * @return completed with the registry then in force, which is the last good one when the scan failed ({@link #status()}
     *     says so); completed exceptionally when the functions are not watched
     */
    public CompletionStage<FunctionRegistry> refresh() {
        Watch running = watch;
        if (running == null) {
            return CompletableFuture.failedFuture(new IllegalStateException("the functions are not watched yet"));
        }
        Changes gathered = changes;
        CompletionStage<Void> scanned = running.ask();
        if (gathered != null) {
            scanned = scanned.thenCompose(done -> gathered.settled(config.timeout()));
        }
        return scanned.thenApply(done -> current);
    }

    @Override
    public void onChanged(Runnable listener) {
        onChanged = listener;
    }

    @Override
    public Candidate candidate() throws IOException {
        Changes gathered = changes;
        if (gathered == null) {
            FunctionRegistry inForce = refresh().toCompletableFuture().join();
            FunctionRegistry registry = held.orElse(inForce);
            return new Candidate(
                    registry,
                    null,
                    Tree.scan(source.served(), config, registry, clock.instant())
                            .scripts());
        }
        gathered.begin();
        boolean loads = false;
        try {
            FunctionSource.Loaded loaded = gathered.load(source);
            bulletin.warn(loaded.warnings());
            if (loaded.settingsProblem() != null) {
                throw new IOException(loaded.settingsProblem());
            }
            Candidate candidate = gathered.candidate(loaded.registry(), source.served());
            loads = true;
            return candidate;
        } catch (IOException e) {
            bulletin.failed(reason(e));
            throw e;
        } finally {
            if (!loads) {
                gathered.settle();
            }
        }
    }

    @Override
    public boolean haveChanged() {
        Changes gathered = changes;
        return gathered == null ? held.isAny() : gathered.haveChanged();
    }

    @Override
    public boolean isStill(Candidate candidate, boolean codeOnly) throws IOException {
        Tree loaded = candidate.tree();
        Changes gathered = changes;
        if (loaded == null || gathered == null) {
            return held.isStill(candidate.registry()); // without generations
        }
        Tree now = gathered.tree();
        return codeOnly ? loaded.code() == now.code() : loaded.equals(now);
    }

    @Override
    public void publish(Candidate candidate) {
        if (candidate.tree() != null) {
            boolean same = candidate.registry().sameAs(current);
            publish(candidate.registry(), status().reloads() + (same ? 0 : 1), null);
            tellListeners();
            settle();
        } else {
            held.serve(candidate.registry(), onChanged);
        }
    }

    @Override
    public void drop(Candidate candidate) {
        held.giveUp(candidate.registry());
        settle();
    }

    private void settle() {
        if (changes != null) {
            changes.settle();
        }
    }

    /**
     * Adds a listener that the watch thread calls after each later publication. It must not block for long. What it throws is logged.
     */
    public void onChange(Consumer<FunctionRegistry> listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
    }

    /** Tries a few times, since the directory may change during the first scan too, such as when a release is being switched. */
    private FunctionSource.Loaded firstLoad(@Nullable Path copyTo, int reservable, PhpAccess php) {
        for (int attempt = 1; ; attempt++) {
            try {
                source = new FunctionSource(config, copyTo, reservable, php, clock);
                return source.load();
            } catch (IOException e) {
                if (attempt == START_TRIES) {
                    throw FunctionsDirectory.unreadable(status().directory(), e);
                }
            }
        }
    }

    private Changes firstChanges() {
        try {
            return new Changes(config, current, clock, nanos);
        } catch (IOException e) {
            throw FunctionsDirectory.unreadable(status().directory(), e);
        }
    }

    private void poll(boolean always) {
        if (changes != null) {
            look(changes, always);
        } else {
            scan(always);
        }
    }

    private void look(Changes gathered, boolean always) {
        try {
            boolean changed = gathered.look(always);
            if (blindness != null) {
                bulletin.mended(blindness);
                blindness = null;
            }
            if (changed && !isStopped()) {
                onChanged.run();
            }
        } catch (IOException e) {
            blindness = reason(e);
            bulletin.failed(blindness);
        }
    }

    private void scan(boolean always) {
        boolean touched = !always && source.isSettled();
        FunctionSource.@Nullable Loaded loaded;
        try {
            loaded = always ? source.load() : source.loadIfChanged();
        } catch (IOException e) {
            bulletin.failed("scan failed: " + reason(e));
            return;
        }
        if (loaded == null || isStopped()) {
            return;
        }
        bulletin.warn(loaded.warnings());
        if (loaded.settingsProblem() != null) {
            bulletin.failed(loaded.settingsProblem());
        } else {
            bulletin.well();
        }
        if (held.load(loaded.registry(), touched)) {
            onChanged.run(); // another generation, with the processes that the pools need
        }
        CodeWatch followed = codeWatch;
        if (followed != null) {
            followed.loaded();
        }
    }

    /** Called by the watch thread; and by the one that switches, with what was held. One at a time. */
    private void reload(FunctionRegistry registry) {
        CodeWatch followed = codeWatch;
        if (followed != null) {
            followed.tell(registry.scriptsChangedFrom(current)); // before anybody meets them as changed
        }
        String changed = registry.changedFrom(current);
        publish(registry, status().reloads() + 1, status().problem());
        events.add(new FunctionsEvent.Reloaded(current.size(), changed));
        tellListeners();
        if (followed != null) {
            followed.loaded(); // the code of resident functions may lie elsewhere now
        }
    }

    private boolean isStopped() {
        Watch running = watch;
        return running != null && running.stopped();
    }

    private void publish(FunctionRegistry registry, long reloads, @Nullable String problem) {
        current = registry;
        bulletin.published(registry.size(), reloads, problem, clock.instant());
    }

    private void tellListeners() {
        for (Consumer<FunctionRegistry> listener : listeners) {
            try {
                listener.accept(current);
            } catch (RuntimeException | LinkageError e) {
                LOG.error("Listener for changed functions failed", e);
            }
        }
    }

    /** Describes a failure with the directory for operators: in one line, and with more than the bare path that Java gives. */
    public static String reason(IOException e) {
        return FunctionNames.reason(e);
    }
}
