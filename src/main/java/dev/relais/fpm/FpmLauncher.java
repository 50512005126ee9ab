package dev.relais.fpm;

import dev.relais.LogText;
import dev.relais.fastcgi.FinishMark;
import dev.relais.fpm.OpcacheNotice.Others;
import dev.relais.process.ChildOutput;
import dev.relais.process.Host;
import dev.relais.slot.ErrorPipes;
import dev.relais.slot.Notice;
import dev.relais.slot.PreloadStudy;
import dev.relais.slot.ScriptCompiler;
import dev.relais.slot.UploadFolders;
import dev.relais.slot.WorkerLauncher;
import dev.relais.slot.WorkerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Starts PHP-FPM masters, and maintains their run directory and its guard. Each start in the gateway's life gets its own
 * number, since each generation uses the same worker numbers while a dying master may still remove its files
 * (src/docs/facts.md, fact 12).
 */
final class FpmLauncher implements WorkerLauncher {
    private static final Logger LOG = Logger.getLogger(FpmLauncher.class);

    private final FpmSetup setup;
    private final UploadFolders uploads;
    private final Optional<String> hindrance;
    private final ErrorReader errors;
    private final Host host;
    private final int workers;
    private final boolean keepsAfterBody;
    private final AtomicInteger starts;
    private volatile @Nullable GuardKeeper guard; // null before the first start
    private @Nullable String refused; // the logged reason why the directory could not be mended; null when it could

    /**
     * @param keepsAfterBody as configured; empty when the version of PHP decides
     * @param nanos the clock of intervals, as {@link System#nanoTime}
     */
    FpmLauncher(
            FpmTrial.Checked checked, Host host, int workers, Optional<Boolean> keepsAfterBody, LongSupplier nanos) {
        this.setup = checked.setup();
        this.uploads = checked.uploads();
        this.hindrance = checked.hindrance();
        this.errors = new ErrorReader(
                hindrance.isEmpty() && setup.resident().isEmpty(), nanos); // a resident child marks no end of a request
        this.host = host;
        this.workers = workers;
        this.keepsAfterBody =
                keepsAfterBody.orElse(!PhpFault.UNREAD_BODY.isIn(setup.php().version()));
        this.starts = new AtomicInteger();
    }

    /** As another one, with which it shares all but the setup. */
    private FpmLauncher(FpmLauncher other, FpmSetup setup) {
        this.setup = setup;
        this.uploads = other.uploads;
        this.hindrance = other.hindrance;
        this.errors = other.errors;
        this.host = other.host;
        this.workers = other.workers;
        this.keepsAfterBody = other.keepsAfterBody;
        this.starts = other.starts;
    }

    @Override
    public void guard(ScheduledExecutorService supervisor) {
        guard = GuardKeeper.start(setup.directory(), uploads, host.starter(), supervisor);
    }

    @Override
    public WorkerProcess start(int worker, ChildOutput output) throws IOException {
        return FpmMaster.start(new FpmLaunch(setup, worker, starts.getAndIncrement()), host, output, errors);
    }

    @Override
    public Path proofScript() {
        return setup.directory().pidScript();
    }

    @Override
    public Path bootScript() {
        return setup.resident().orElseThrow().boot();
    }

    @Override
    public FinishMark mark() {
        return setup.finish().mark();
    }

    @Override
    public ErrorPipes errors() {
        return errors;
    }

    @Override
    public UploadFolders uploads() {
        return uploads;
    }

    @Override
    public boolean keepsAfterBody() {
        return keepsAfterBody;
    }

    @Override
    public @Nullable String fault() {
        return keepsAfterBody ? null : PhpFault.UNREAD_BODY.describe(setup.php().version());
    }

    @Override
    public Path directory() {
        return setup.directory().path();
    }

    @Override
    public ScriptCompiler compiler(List<Path> scripts) throws IOException {
        return OpcacheCompiler.of(scripts, setup.directory());
    }

    @Override
    public PreloadStudy study(List<Path> folder, Function<Path, @Nullable Path> successors) throws IOException {
        boolean canPreload = setup.preload().isPresent();
        return OpcacheStudy.of(folder, path -> canPreload ? successors.apply(path) : null, setup.directory());
    }

    @Override
    public WorkerLauncher preloading(int generation, Map<Path, String> files) throws IOException {
        if (setup.preload().isEmpty()) {
            return this;
        }
        Preload more = setup.preload()
                .get()
                .followedBy(setup.directory(), RunDirectory.learnedScript(generation), OpcacheStudy.preload(files));
        return new FpmLauncher(this, setup.withPreload(Optional.of(more)));
    }

    @Override
    public void folderSettings(String ini) {
        try {
            setup.directory().folderSettings(ini);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public WorkerLauncher sized(int children) {
        return new FpmLauncher(this, setup.withChildren(children));
    }

    @Override
    public WorkerLauncher extended(String extension, Map<String, String> settings) {
        String loading = new MissingExtension(setup.php(), new FpmLaunch(setup, 0, 0).environment(), host.command())
                .setting(extension);
        Map<String, String> more = new LinkedHashMap<>(setup.phpSettings());
        if (loading != null) {
            more.put(loading, extension);
        }
        more.putAll(settings);
        return new FpmLauncher(this, setup.withPhpSettings(more).withChecks(FileChecks.EACH_REQUEST));
    }

    @Override
    public boolean wantsNotices() {
        return setup.checks() == FileChecks.TOLD;
    }

    @Override
    public Notice notice(Set<String> changed, Set<String> doubtful, boolean all) {
        Path script = setup.directory().path().resolve(RunDirectory.NOTICE_SCRIPT);
        return new OpcacheNotice(script, changed, doubtful, all ? Others.DOUBTFUL : Others.KEPT);
    }

    @Override
    public int mend() {
        try {
            List<String> missing = setup.directory().mend();
            GuardKeeper keeper = guard;
            if (keeper != null && missing.contains("")) {
                keeper.renew();
            } else if (keeper != null && keeper.mendFile()) {
                missing.add(Guard.PID);
            }
            if (!missing.isEmpty()) {
                LOG.warnf(
                        "Run directory has lost files and has them again; if something removes old files there,"
                                + " relais.workers.run-directory may name another place: directory=%s files=%s",
                        LogText.value(directory()), LogText.value(missing.contains("") ? "all" : missing));
            }
            refused = null;
            return missing.size();
        } catch (IOException e) {
            if (!e.toString().equals(refused)) {
                refused = e.toString();
                LOG.errorf(
                        "Run directory cannot be kept: directory=%s cause=%s",
                        LogText.value(directory()), LogText.value(e));
            }
            return 0;
        }
    }

    @Override
    public void touch(Instant now) {
        FileTree.touch(setup.directory().path(), now);
        uploads.touch(now);
    }

    @Override
    public void logStart() {
        LOG.infof(
                "PHP-FPM is started: version=%s path=%s workers=%d children=%d user=%s code=%s directory=%s %s",
                LogText.value(setup.php().version()),
                LogText.value(setup.php().path()),
                workers,
                setup.children(),
                LogText.value(setup.user().name()),
                LogText.value(setup.checks().name().toLowerCase(Locale.ROOT).replace('_', '-')),
                LogText.value(directory()),
                hindrance
                        .map(cause -> "stderr=master cause=" + LogText.value(cause))
                        .orElse("stderr=pipes"));
        if (fault() != null) {
            LOG.warnf(
                    "%s; therefore each request with a body ends its connection to PHP, which costs some of their speed. Install PHP 8.2.36,"
                            + " 8.3.37, 8.4.28, 8.5.13 or newer, or set relais.workers.keep-after-body=true if your distribution has mended"
                            + " this version",
                    fault());
        }
    }

    @Override
    public void close(Duration deadline) {
        GuardKeeper keeper = guard;
        if (keeper != null) {
            keeper.close(deadline);
        }
        errors.close();
        uploads.close();
        setup.directory().close();
    }
}
