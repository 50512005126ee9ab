package dev.relais.fpm;

import dev.relais.process.WorkerUser;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings that all masters of one gateway are started with. Immutable.
 *
 * @param php the program
 * @param children the number of children of each master
 * @param directory the directory for the masters' files
 * @param user the user that PHP runs as
 * @param passedOn names of the environment variables that PHP sees
 * @param gatewayEnvironment the gateway's own environment, the source of their values
 * @param phpSettings further settings as in php.ini, which take precedence
 * @param finish the {@code fastcgi_finish_request} of the scripts
 * @param preload what each master loads first; empty where PHP does not preload, in which case {@code finish} is prepended
 * @param showErrors whether PHP writes its errors into its answers, which it does only in dev mode
 * @param resident the scripts that keep an application in the memory of each child; empty for usual masters
 * @param checks when opcache looks at the files for changes
 */
record FpmSetup(
        PhpFpm php,
        int children,
        RunDirectory directory,
        WorkerUser user,
        List<String> passedOn,
        Map<String, String> gatewayEnvironment,
        Map<String, String> phpSettings,
        FinishFunction finish,
        Optional<Preload> preload,
        Optional<ResidentScripts> resident,
        boolean showErrors,
        FileChecks checks) {
    FpmSetup {
        if (children < 1) {
            throw new IllegalArgumentException("children " + children);
        }
        gatewayEnvironment = Map.copyOf(gatewayEnvironment);
        passedOn = passedOn.stream()
                .filter(gatewayEnvironment::containsKey)
                .distinct()
                .toList();
        phpSettings = new LinkedHashMap<>(phpSettings);
    }

    FpmSetup withPreload(Optional<Preload> other) {
        return with(children, phpSettings, other, resident, checks);
    }

    FpmSetup withChildren(int other) {
        return with(other, phpSettings, preload, resident, checks);
    }

    FpmSetup withChecks(FileChecks other) {
        return with(children, phpSettings, preload, resident, other);
    }

    FpmSetup withPhpSettings(Map<String, String> other) {
        return with(children, other, preload, resident, checks);
    }

    FpmSetup withResident(ResidentScripts other) {
        return with(children, phpSettings, preload, Optional.of(other), checks);
    }

    private FpmSetup with(
            int size,
            Map<String, String> settings,
            Optional<Preload> first,
            Optional<ResidentScripts> staying,
            FileChecks times) {
        return new FpmSetup(
                php,
                size,
                directory,
                user,
                passedOn,
                gatewayEnvironment,
                settings,
                finish,
                first,
                staying,
                showErrors,
                times);
    }

    /** The settings of Relais' own scripts, which have to be given after all others. */
    Map<String, String> ownSettings() {
        Map<String, String> settings =
                new LinkedHashMap<>(resident.isPresent() ? resident.get().settings() : finish.settings());
        settings.putAll(preload.isPresent() ? preload.get().settings(user) : finish.prependSettings());
        return settings;
    }
}
