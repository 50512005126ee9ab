package dev.relais.fpm;

import dev.relais.ConfigurationProblem;
import dev.relais.process.Command;
import dev.relais.process.ProcReader;
import dev.relais.process.ProcessGroups;
import dev.relais.process.ProcessStarter;
import dev.relais.process.ProcessTree;
import dev.relais.process.WorkerUser;
import dev.relais.slot.UploadFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/** What a group is made with: found, checked and made once at its start. Immutable but for the processes it names. */
public record GroupParts(
        WorkersConfig config,
        Map<String, String> phpSettings,
        int children,
        boolean showErrors,
        boolean checksFiles,
        PhpFpm php,
        WorkerUser user,
        RunDirectory directory,
        FinishFunction finish,
        UploadFolders uploads,
        ProcReader proc,
        ProcessGroups groups,
        ProcessTree tree,
        ProcessStarter starter,
        RandomGenerator random) {
    private static final Logger LOG = Logger.getLogger(GroupParts.class);
    private static final Duration COMMAND_DEADLINE = Duration.ofSeconds(10);

    /**
     * Checks host and configuration, and makes the run directory. Blocks for some tens of milliseconds.
     *
     * @throws ConfigurationProblem with the remedy
     */
    public static GroupParts prepare(WorkersConfig config, int children, boolean showErrors, boolean checksFiles) {
        WorkersConfig.check(config);
        ProcessStarter starter = ProcessBuilder::start;
        Command command = new Command(starter, COMMAND_DEADLINE);
        PhpFpm php = PhpFpm.find(config.phpFpm(), System.getenv("PATH"), command);
        WorkerUser user = user(config);
        ProcReader proc = new ProcReader(Path.of("/proc"), ProcReader.pageBytes(command));
        ProcessGroups groups = new ProcessGroups(proc, command);
        ProcessHandle self = ProcessHandle.current();
        Path base = config.runDirectory().orElseGet(() -> RunDirectory.usualBase(System.getenv(), user));
        RandomGenerator random = new SecureRandom();
        // One that an earlier start has used, too.
        for (Path swept : new LinkedHashSet<>(List.of(base, Path.of(System.getProperty("java.io.tmpdir"))))) {
            sweep(swept, proc, groups, self);
        }
        RunDirectory directory = RunDirectory.create(base, user, self.pid(), random);
        try {
            GroupParts parts = new GroupParts(
                    config,
                    config.phpSettings(),
                    children,
                    showErrors,
                    checksFiles,
                    php,
                    user,
                    directory,
                    FinishFunction.write(directory, random),
                    UploadFolders.NONE,
                    proc,
                    groups,
                    new ProcessTree(proc, command),
                    starter,
                    random);
            return parts.checked(command);
        } catch (IOException e) {
            directory.close();
            throw new ConfigurationProblem(
                    RunDirectory.KEY, base, "cannot be used (" + e + ")", "name a directory the gateway may write to");
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /** Before the own directory is made: closing a lock file of this process would drop the lock of that. */
    private static void sweep(Path base, ProcReader proc, ProcessGroups groups, ProcessHandle self) {
        try {
            new StaleRunDirectories(
                            proc, groups, self.pid(), self.info().startInstant().orElse(Instant.EPOCH))
                    .sweep(base, WorkerUser.Self.read().uid(), Instant.now());
        } catch (IOException e) {
            Logger.getLogger(GroupParts.class).debugf("%s is not swept: %s", base, e);
        }
    }

    public static WorkerUser user(WorkersConfig config) {
        try {
            return WorkerUser.resolve(
                    config.user(),
                    config.group(),
                    WorkerUser.Self.read(),
                    new Command(ProcessBuilder::start, COMMAND_DEADLINE));
        } catch (IOException e) {
            throw new ConfigurationProblem(
                    "relais.workers.user", config.user().orElse(null), "/proc cannot be read: " + e, "mount /proc");
        }
    }

    /** These parts when FPM preloads with them, else those with which it need not; beside the user's own settings in either case. */
    private GroupParts checked(Command command) throws IOException {
        PhpFacts facts = PhpFacts.ask(launch(0, 0), command);
        UploadFolders folders = uploads(facts);
        GroupParts open = with(finish, folders, withinBasedir(facts, folders));
        ConfigurationProblem first = null;
        long began = System.nanoTime();
        String said = "";
        try {
            said = FpmMaster.check(open.launch(0, 0), command);
        } catch (ConfigurationProblem e) {
            first = e;
        }
        if (first != null && System.nanoTime() - began >= COMMAND_DEADLINE.toNanos()) {
            throw first; // it hangs: once is enough
        }
        if (first == null && FinishFunction.isPreloaded(said)) {
            return open.judged(said, facts, command);
        }
        GroupParts prepending = open.with(finish.prepended(), folders, open.phpSettings());
        try {
            said = FpmMaster.check(prepending.launch(0, 0), command);
        } catch (ConfigurationProblem e) {
            throw first == null ? e : first; // what follows from the lack of preloading would mislead
        }
        if (first != null) {
            Logger.getLogger(GroupParts.class)
                    .warnf(
                            "PHP does not preload here, so each request loads a script of Relais' own: %s",
                            first.getMessage());
        }
        return prepending.judged(said, facts, command);
    }

    private GroupParts judged(String said, PhpFacts facts, Command command) {
        PhpStart start = new PhpStart(launch(0, 0), command);
        start.judge(said);
        start.nameUnknown(facts);
        uploads.sweepStale(Instant.now());
        return this;
    }

    /** The settings, with Relais' own scripts within {@code open_basedir} where there is one, which would keep PHP from running them. */
    private Map<String, String> withinBasedir(PhpFacts facts, UploadFolders folders) {
        String basedir = facts.value("open_basedir");
        if (basedir == null || basedir.indexOf('"') >= 0) {
            return phpSettings;
        }
        StringBuilder places = new StringBuilder(basedir);
        for (Path own : directory.readByPhp()) {
            places.append(':').append(own);
        }
        if (folders.root() != null) {
            places.append(':').append(folders.root());
        }
        Map<String, String> settings = new LinkedHashMap<>(phpSettings);
        settings.put("open_basedir", "\"" + places + "\"");
        return settings;
    }

    private UploadFolders uploads(PhpFacts facts) {
        boolean seen = config.environment().orElse(List.of()).contains("TMPDIR");
        return UploadPlace.folders(
                facts,
                seen ? System.getenv("TMPDIR") : null,
                String.format("relais-%d-%08x", ProcessHandle.current().pid(), random.nextInt()));
    }

    private GroupParts with(FinishFunction function, UploadFolders folders, Map<String, String> settings) {
        return new GroupParts(
                config,
                settings,
                children,
                showErrors,
                checksFiles,
                php,
                user,
                directory,
                function,
                folders,
                proc,
                groups,
                tree,
                starter,
                random);
    }

    /** Whether a connection may carry another exchange after one with a body. */
    public boolean keepsAfterBody() {
        return config.keepAfterBody().orElse(!PhpFault.UNREAD_BODY.isIn(php.version()));
    }

    /** A known fault of this PHP that is worked around, in one sentence; null when there is none. */
    public String phpFault() {
        return keepsAfterBody() ? null : PhpFault.UNREAD_BODY.describe(php.version());
    }

    /** Says what runs, and once what is wrong with it. */
    public void logStart() {
        LOG.infof(
                "PHP-FPM %s (%s): %d workers of %d children as %s, in %s",
                php.version(), php.path(), config.count(), children, user.name(), directory.path());
        if (phpFault() != null) {
            LOG.warnf(
                    "%s; therefore each request with a body ends its connection to PHP, which costs some of their speed. Install PHP 8.2.36,"
                            + " 8.3.37, 8.4.28, 8.5.13 or newer, or set relais.workers.keep-after-body=true if your distribution has mended"
                            + " this version",
                    phpFault());
        }
    }

    /** The launch of a worker's next master. */
    FpmLaunch launch(int worker, int incarnation) {
        List<String> environment = config.environment().orElse(List.of());
        return new FpmLaunch(
                php,
                worker,
                incarnation,
                children,
                directory,
                user,
                environment,
                System.getenv(),
                phpSettings,
                finish,
                showErrors,
                checksFiles);
    }
}
