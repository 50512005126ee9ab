package dev.relais.fpm;

import dev.relais.ConfigurationProblem;
import dev.relais.LogText;
import dev.relais.process.Command;
import dev.relais.process.Host;
import dev.relais.process.WorkerUser;
import dev.relais.slot.WorkerKind;
import dev.relais.slot.WorkerLauncher;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * PHP-FPM, the only kind of worker process. It is the bean that the package {@code worker} gets for {@link WorkerKind}; no
 * other class names it.
 */
@Singleton
public class FpmKind implements WorkerKind {
    private static final Logger LOG = Logger.getLogger(FpmKind.class);

    private final FpmConfig config;
    private final @Nullable Own own; // what a pool has of its own; null for the processes of all
    private final RandomGenerator random;
    private final LongSupplier nanos;
    private final InstantSource clock;
    /** Null before {@link #anticipate} and after {@link #prepare}. Used by the starting thread. */
    private @Nullable Supplier<PhpFpm> search;

    private volatile @Nullable PhpFacts facts; // null until PHP was asked
    /** Null until it is asked for. It costs four processes to find out, and stays what it is: running processes keep their groups. */
    private volatile @Nullable WorkerUser user;

    @Inject
    FpmKind(FpmConfig config) {
        this(config, null, new SecureRandom(), System::nanoTime, InstantSource.system());
    }

    private FpmKind(
            FpmConfig config, @Nullable Own own, RandomGenerator random, LongSupplier nanos, InstantSource clock) {
        this.config = config;
        this.own = own;
        this.random = random;
        this.nanos = nanos;
        this.clock = clock;
    }

    @Override
    public WorkerKind own(Own ofPool) {
        return new FpmKind(new PoolConfig(config, ofPool), ofPool, random, nanos, clock);
    }

    @Override
    public WorkerUser user() {
        return user(new Command(ProcessBuilder::start, Host.COMMAND_DEADLINE));
    }

    @Override
    public List<String> passedOn() {
        return config.environment().orElse(List.of());
    }

    @Override
    public long sharedBytes() {
        PhpFacts known = facts;
        return OpcacheSize.of(known == null ? config.phpSettings()::get : known::value);
    }

    @Override
    public @Nullable ConfigurationProblem lacks(String extension) {
        try {
            Command command = new Command(ProcessBuilder::start, Host.COMMAND_DEADLINE);
            new MissingExtension(search(command).get(), PhpCheck.environment(), command).setting(extension);
            return null;
        } catch (ConfigurationProblem e) {
            return e;
        }
    }

    private WorkerUser user(Command command) {
        WorkerUser known = user;
        if (known != null) {
            return known;
        }
        try {
            WorkerUser found = WorkerUser.resolve(config.user(), config.group(), WorkerUser.Self.read(), command);
            user = found;
            return found;
        } catch (IOException e) {
            throw new ConfigurationProblem(
                    "relais.workers.user", config.user().orElse(null), "/proc cannot be read: " + e, "mount /proc");
        }
    }

    @Override
    public void anticipate() {
        search = search(new Command(ProcessBuilder::start, Host.COMMAND_DEADLINE));
    }

    private Supplier<PhpFpm> search(Command command) {
        return PhpFpm.search(config.phpFpm(), System.getenv("PATH"), command);
    }

    @Override
    public WorkerLauncher prepare(Host host, Needs needs) {
        FpmConfig.check(config);
        Supplier<PhpFpm> begun = search;
        search = null; // a later start may find another program
        WorkerUser user = user(host.command()); // while the candidates that were asked early answer
        PhpFpm php = (begun == null ? search(host.command()) : begun).get();
        Path base = config.runDirectory().orElseGet(() -> RunPlace.usual(System.getenv(), user));
        // An earlier start may have used either of the two.
        for (Path swept : new LinkedHashSet<>(List.of(base, Path.of(System.getProperty("java.io.tmpdir"))))) {
            if (own == null) { // a pool comes later, when a sweep would drop the lock of the gateway's own directory
                sweep(swept, host);
            }
        }
        RunDirectory directory = RunDirectory.create(
                base, user, own != null, ProcessHandle.current().pid(), random);
        try {
            directory.poolSettings(own == null ? "" : own.ini());
            FinishFunction finish = FinishFunction.write(directory, random);
            boolean resident = own != null && own.resident();
            Optional<ResidentScripts> scripts =
                    resident ? Optional.of(ResidentScripts.write(directory, php.version(), false)) : Optional.empty();
            String first = scripts.map(ResidentScripts::preload).orElse(finish.php());
            FpmSetup setup = new FpmSetup(
                    php,
                    needs.children(),
                    directory,
                    user,
                    config.environment().orElse(List.of()),
                    System.getenv(),
                    config.phpSettings(),
                    finish,
                    Optional.of(Preload.write(directory, List.of(first, ErrorFunction.php(directory)))),
                    scripts,
                    needs.showErrors(),
                    needs.checksFiles() && !resident ? FileChecks.EACH_REQUEST : FileChecks.NEVER);
            FpmTrial.Checked checked = new FpmTrial(setup, host.command(), nanos).run(uploadsName());
            if (resident) {
                checked = residing(checked, directory);
            }
            facts = checked.facts().told() ? checked.facts() : null;
            directory.script(RunDirectory.NOTICE_SCRIPT, OpcacheNotice.SCRIPT);
            checked.uploads().sweepStale(clock.instant());
            return new FpmLauncher(checked, host, needs.workers(), config.keepAfterBody(), nanos);
        } catch (IOException e) {
            directory.close();
            throw new ConfigurationProblem(
                    RunPlace.KEY, base, "cannot be used (" + e + ")", "name a directory the gateway may write to");
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /** Where PHP's FFI works, more can be put back after a request. */
    private static FpmTrial.Checked residing(FpmTrial.Checked checked, RunDirectory directory) throws IOException {
        if (checked.setup().preload().isEmpty()) {
            throw new ConfigurationProblem(
                    "opcache.enable",
                    checked.facts().value("opcache.enable"),
                    "a resident function needs opcache, and this PHP does not preload",
                    "install and enable opcache (opcache.enable=1), or remove resident");
        }
        return checked.hindrance().isEmpty()
                ? new FpmTrial.Checked(
                        checked.setup()
                                .withResident(ResidentScripts.write(
                                        directory, checked.setup().php().version(), true)),
                        checked.uploads(),
                        checked.hindrance(),
                        checked.facts())
                : checked;
    }

    private String uploadsName() {
        return String.format("relais-%d-%08x", ProcessHandle.current().pid(), random.nextInt());
    }

    /**
     * Removes stale directories, before the gateway's own directory is made, because closing its lock file here would drop the
     * gateway's own lock.
     */
    private void sweep(Path base, Host host) {
        ProcessHandle self = ProcessHandle.current();
        try {
            new StaleRunDirectories(
                            host.proc(),
                            host.groups(),
                            self.pid(),
                            self.info().startInstant().orElse(Instant.EPOCH))
                    .sweep(base, WorkerUser.Self.read().uid(), clock.instant());
        } catch (IOException e) {
            LOG.debugf("Run directories are not swept: directory=%s cause=%s", LogText.value(base), LogText.value(e));
        }
    }
}
