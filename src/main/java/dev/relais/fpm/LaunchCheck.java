package dev.relais.fpm;

import dev.relais.ConfigurationProblem;
import dev.relais.process.Command;
import java.io.IOException;
import java.nio.file.Files;

/**
 * FPM's own test of the configuration of a launch, which runs while the caller does something else.
 *
 * @param launch what is tested; its configuration is a file, so there is one test of it at a time
 * @param command by which FPM runs
 * @param running FPM
 */
record LaunchCheck(FpmLaunch launch, Command command, Command.Running running) {
    /** Begins a test, which has to be ended by {@link #end}. */
    static LaunchCheck begin(FpmLaunch launch, Command command) throws IOException {
        FpmConfigFile.write(launch);
        return new LaunchCheck(
                launch,
                command,
                command.begin(launch.command("-t", "-d", Preload.checkSetting()), launch.environment()));
    }

    /**
     * Waits for the result. It is called once.
     *
     * @return FPM's output
     * @throws ConfigurationProblem with FPM's own message when FPM refuses the configuration
     */
    String end() throws IOException {
        Command.Result result = running.result();
        Files.deleteIfExists(launch.configFile());
        if (!result.ok()) {
            throw new PhpStart(launch, command).refusal(result);
        }
        return result.output();
    }
}
