package dev.relais.fpm;

import dev.relais.process.Command;
import dev.relais.process.Host;
import dev.relais.system.Finding;
import dev.relais.system.HostCheck;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** PHP and its opcache. It runs PHP-FPM's program, which takes about a tenth of a second. */
@Singleton
final class PhpCheck implements HostCheck {
    /** The most files that are looked at. */
    private static final int MOST_FILES = 200_000;

    private final FpmConfig config;
    private final Path functions;
    private final boolean generations;
    private final Command command;

    @Inject
    PhpCheck(
            FpmConfig config,
            @ConfigProperty(name = "relais.functions.directory", defaultValue = "functions") Path functions,
            @ConfigProperty(name = "relais.functions.reload", defaultValue = "files") String reload) {
        this.config = config;
        this.functions = functions;
        this.generations = reload.equalsIgnoreCase("generations");
        this.command = new Command(ProcessBuilder::start, Host.COMMAND_DEADLINE);
    }

    @Override
    public boolean isSlow() {
        return true;
    }

    @Override
    public List<Finding> findings() {
        FpmConfig.check(config);
        PhpFpm php = PhpFpm.find(config.phpFpm(), System.getenv("PATH"), command);
        PhpFacts ini = PhpFacts.of(
                command.run(List.of(php.path().toString(), "-i"), environment()).output());
        return new PhpFindings(
                        php,
                        ini,
                        RelaisSettings.of(generations ? FileChecks.NEVER : FileChecks.TOLD, false),
                        config.phpSettings(),
                        generations,
                        scripts())
                .all();
    }

    /** As a master gets it, so that it reads the same ini files. */
    static Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        for (String name : FpmLaunch.KEPT) {
            if (System.getenv(name) != null) {
                environment.put(name, System.getenv(name));
            }
        }
        return environment;
    }

    /** How many PHP files there are. Links are followed as the functions' scan follows them only where they are configured, so not here. */
    private int scripts() {
        int[] count = new int[2]; // PHP files, all files
        try {
            Files.walkFileTree(functions.toRealPath(), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    count[0] += file.toString().endsWith(".php") ? 1 : 0;
                    return ++count[1] < MOST_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            return count[0];
        }
        return count[0];
    }
}
