package dev.relais.migration;

import dev.relais.ConfigurationProblem;
import dev.relais.OneTask;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * The mode {@code import} of the program: it reads a configuration of another server, prints {@code sites} for {@code functions.yaml}, and ends
 * before anything starts. The exit code is 0, or 1 when something that was not carried over guards something, or 2 when nothing could be read.
 */
public final class ImportMode {
    /** The argument of the program that asks for it. */
    public static final String ARGUMENT = "import";

    /** Nothing was read. */
    public static final int UNREADABLE = 2;

    private static final String USAGE = "write it like import nginx /etc/nginx/sites-available/shop";

    private ImportMode() {}

    /**
     * Does it. Blocks.
     *
     * @param arguments what follows {@link #ARGUMENT}
     * @throws ConfigurationProblem when they are not a server and a file, or the file cannot be read
     * @throws OneTask.Done when it was done
     */
    public static void run(List<String> arguments) {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        int code = run(arguments, out);
        out.flush();
        throw new OneTask.Done(code);
    }

    static int run(List<String> arguments, PrintStream out) {
        if (arguments.size() != 2) {
            throw new ConfigurationProblem(ARGUMENT, String.join(" ", arguments), "takes a server and a file", USAGE);
        }
        Imported imported = read(arguments.get(0), file(arguments.get(1)));
        out.print(imported.yaml());
        return imported.hasGuard() ? 1 : 0;
    }

    private static Imported read(String server, Path file) {
        return switch (server) {
            case "nginx" -> NginxImport.read(file);
            case "apache" -> ApacheImport.read(file);
            case "unit" -> UnitImport.read(file);
            case "caddy" -> CaddyImport.read(file);
            default ->
                throw new ConfigurationProblem(
                        ARGUMENT, server, "is not known here; the servers are nginx, apache, unit and caddy", USAGE);
        };
    }

    private static Path file(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new ConfigurationProblem(ARGUMENT, name, "no file can have this name", USAGE);
        }
    }
}
