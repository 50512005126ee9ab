package dev.relais.fpm;

import dev.relais.ConfigurationProblem;
import dev.relais.LogText;
import dev.relais.process.Command;
import dev.relais.process.Host;
import dev.relais.slot.UploadFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tries a setup on the program before any master is started. It asks PHP for its settings, adapts the setup to them, and has
 * FPM test the configuration. Used once, by the starting thread; blocks.
 */
final class FpmTrial {
    /**
     * The result.
     *
     * @param setup the setup with which FPM starts
     * @param uploads where children keep the files of uploads
     * @param hindrance why children cannot write their standard error past their master; empty when they can
     * @param facts PHP's settings
     */
    record Checked(FpmSetup setup, UploadFolders uploads, Optional<String> hindrance, PhpFacts facts) {}

    /**
     * The result of a test.
     *
     * @param said FPM's output
     * @param refusal null when FPM accepts the configuration
     */
    private record Test(String said, @Nullable ConfigurationProblem refusal) {}

    private static final Logger LOG = Logger.getLogger(FpmTrial.class);

    private final FpmSetup setup;
    private final Command command;
    private final LongSupplier nanos;

    FpmTrial(FpmSetup setup, Command command, LongSupplier nanos) {
        this.setup = setup;
        this.command = command;
        this.nanos = nanos;
    }

    /**
     * Adapts and tests the setup. It has {@link Preload} preloaded where FPM is able to, and otherwise prepends
     * {@link FinishFunction}; the user's own settings stay in force in both cases.
     *
     * @param uploadsName {@code relais-<pid>-<random>}, the name of the folder for uploads
     * @throws ConfigurationProblem when FPM starts with neither variant
     */
    Checked run(String uploadsName) throws IOException {
        // Most hosts get the setup expected here, and their settings out of its test: PHP starts once for both.
        FpmSetup expected =
                setup.withChecks(setup.checks() == FileChecks.EACH_REQUEST ? FileChecks.TOLD : setup.checks());
        Test test = test(expected);
        PhpFacts facts = PhpFacts.of(Preload.settingsIn(test.said()));
        if (!facts.told()) {
            facts = PhpFacts.ask(FpmLaunch.trial(setup), command);
        }
        boolean seen = setup.passedOn().contains("TMPDIR");
        UploadFolders uploads =
                UploadPlace.folders(facts, seen ? setup.gatewayEnvironment().get("TMPDIR") : null, uploadsName);
        FpmSetup preloading =
                setup.withPhpSettings(withinBasedir(facts, uploads)).withChecks(checks(setup, facts));
        if (!preloading.equals(expected)) {
            test = test(preloading);
        }
        ConfigurationProblem first = test.refusal();
        if (first == null && Preload.isDone(test.said())) {
            return judged(preloading, uploads, test.said(), facts);
        }
        FpmSetup prepending = preloading.withPreload(Optional.empty());
        String said;
        try {
            said = FpmMaster.check(FpmLaunch.trial(prepending), command);
        } catch (ConfigurationProblem e) {
            throw first == null ? e : first; // the second message may only be a consequence of the missing preload
        }
        if (first != null) {
            LOG.warnf(
                    "PHP does not preload here, so each request loads a script of Relais' own: cause=%s",
                    LogText.value(first.getMessage()));
        }
        return judged(prepending, uploads, said, facts);
    }

    private Test test(FpmSetup tested) throws IOException {
        long began = nanos.getAsLong();
        try {
            return new Test(FpmMaster.check(FpmLaunch.trial(tested), command), null);
        } catch (ConfigurationProblem e) {
            if (nanos.getAsLong() - began >= Host.COMMAND_DEADLINE.toNanos()) {
                throw e; // FPM hangs, so it is not tried again
            }
            return new Test("", e);
        }
    }

    private Checked judged(FpmSetup works, UploadFolders uploads, String said, PhpFacts facts) {
        PhpStart start = new PhpStart(FpmLaunch.trial(works), command);
        start.judge(Preload.withoutSettings(said));
        start.nameUnknown(facts);
        return new Checked(works, uploads, ErrorFunction.hindrance(said), facts);
    }

    /**
     * When opcache asks the disk, with this PHP: it can be told when opcache works in shared memory and its functions may be
     * called, and need not when the user wants files to be looked at each time.
     */
    static FileChecks checks(FpmSetup setup, PhpFacts facts) {
        List<String> disabled =
                List.of(String.valueOf(facts.value("disable_functions")).split("[ ,]+"));
        boolean can = setup.checks() == FileChecks.EACH_REQUEST
                && facts.isOn("opcache.enable")
                && facts.isOn("opcache.validate_timestamps")
                && !facts.isOn("opcache.file_cache_only")
                && facts.value("opcache.restrict_api") == null
                && !disabled.contains("opcache_invalidate")
                && !disabled.contains("opcache_get_status")
                && !"0"
                        .equals(setup.phpSettings()
                                .getOrDefault("opcache.revalidate_freq", "")
                                .strip());
        return can ? FileChecks.TOLD : setup.checks();
    }

    /**
     * The settings. If there is an {@code open_basedir}, Relais' own scripts are added to it, since PHP would otherwise refuse
     * to run them.
     */
    private Map<String, String> withinBasedir(PhpFacts facts, UploadFolders folders) throws IOException {
        String basedir = facts.value("open_basedir");
        if (basedir == null || basedir.indexOf('"') >= 0) {
            return setup.phpSettings();
        }
        StringBuilder places = new StringBuilder(basedir);
        for (Path own : setup.directory().readByPhp()) {
            places.append(':').append(own);
        }
        if (folders.root() != null) {
            places.append(':').append(folders.root());
        }
        Map<String, String> settings = new LinkedHashMap<>(setup.phpSettings());
        settings.put("open_basedir", "\"" + places + "\"");
        return settings;
    }
}
