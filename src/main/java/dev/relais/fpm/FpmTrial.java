package dev.relais.fpm;

import dev.relais.ConfigurationProblem;
import dev.relais.process.Command;
import dev.relais.process.Host;
import dev.relais.slot.UploadFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Tries a setup on the program before any master is started: asks PHP for its settings, fits the setup to them, and has FPM test the
 * configuration. Used once, by the thread of the start; blocks.
 */
final class FpmTrial {
    /**
     * What came of it.
     *
     * @param setup with which FPM starts
     * @param uploads where children keep the files of uploads
     */
    record Checked(FpmSetup setup, UploadFolders uploads) {}

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
     * The setup preloads {@link Preload} where FPM does that, else it prepends {@link FinishFunction}; the user's own settings stay in force in either
     * case.
     *
     * @param uploadsName {@code relais-<pid>-<random>}, for the folder of uploads
     * @throws ConfigurationProblem when FPM starts with neither
     */
    Checked run(String uploadsName) throws IOException {
        PhpFacts facts = PhpFacts.ask(FpmLaunch.trial(setup), command);
        boolean seen = setup.passedOn().contains("TMPDIR");
        UploadFolders uploads =
                UploadPlace.folders(facts, seen ? setup.gatewayEnvironment().get("TMPDIR") : null, uploadsName);
        FpmSetup preloading = setup.withPhpSettings(withinBasedir(facts, uploads));
        ConfigurationProblem first = null;
        long began = nanos.getAsLong();
        String said = "";
        try {
            said = FpmMaster.check(FpmLaunch.trial(preloading), command);
        } catch (ConfigurationProblem e) {
            first = e;
        }
        if (first != null && nanos.getAsLong() - began >= Host.COMMAND_DEADLINE.toNanos()) {
            throw first; // it hangs: once is enough
        }
        if (first == null && Preload.isDone(said)) {
            return judged(preloading, uploads, said, facts);
        }
        FpmSetup prepending = preloading.withPreload(Optional.empty());
        try {
            said = FpmMaster.check(FpmLaunch.trial(prepending), command);
        } catch (ConfigurationProblem e) {
            throw first == null ? e : first; // what follows from the lack of preloading would mislead
        }
        if (first != null) {
            LOG.warnf(
                    "PHP does not preload here, so each request loads a script of Relais' own: cause=\"%s\"",
                    first.getMessage());
        }
        return judged(prepending, uploads, said, facts);
    }

    private Checked judged(FpmSetup works, UploadFolders uploads, String said, PhpFacts facts) {
        PhpStart start = new PhpStart(FpmLaunch.trial(works), command);
        start.judge(said);
        start.nameUnknown(facts);
        return new Checked(works, uploads);
    }

    /** The settings, with Relais' own scripts within {@code open_basedir} where there is one, which would keep PHP from running them. */
    private Map<String, String> withinBasedir(PhpFacts facts, UploadFolders folders) {
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
