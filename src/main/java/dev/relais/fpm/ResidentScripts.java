package dev.relais.fpm;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The PHP scripts of Relais' own that keep an application in the memory of a child and have it serve one request after the other as
 * PHP-FPM would. What they define is preloaded; the boot script runs for as long as the application lives. Functions of PHP whose own
 * meaning ends with a request, such as {@code register_shutdown_function}, are disabled on the master's command line and defined again
 * (src/docs/facts.md, fact 11). Immutable.
 *
 * @param preload PHP statements that load the definitions, without an opening tag
 * @param boot the script that boots an application
 * @param redefined the functions of PHP that the definitions replace
 */
record ResidentScripts(String preload, Path boot, List<String> redefined) {
    /** The names of the definitions, in the order in which they are loaded. */
    private static final String PARTS = "parts.list";

    private static final String BOOT = "resident.php";
    private static final String LIST = "functions.list";
    /**
     * A condition behind a function's name: PHP's FFI works. Any other is a version of PHP from which on the function is replaced. With
     * several conditions one is enough, with none it always is.
     */
    private static final String FFI = "ffi";

    private static final String PREFIX = "relais-resident-";

    ResidentScripts {
        redefined = List.copyOf(redefined);
    }

    /**
     * Writes the scripts into the run directory. Blocks.
     *
     * @param version of PHP, as {@link PhpFpm#version}
     * @param ffi whether PHP's FFI may be used in what is preloaded
     */
    static ResidentScripts write(RunDirectory directory, String version, boolean ffi) throws IOException {
        StringBuilder preload = new StringBuilder();
        for (String part : parts()) {
            Path script = directory.script(PREFIX + part + ".php", text(part + ".php"));
            preload.append("require '").append(script).append("';\n");
        }
        Path boot = directory.script(PREFIX + BOOT, text(BOOT));
        List<String> redefined = new ArrayList<>();
        for (String line : text(LIST).lines().filter(l -> !l.isBlank()).toList()) {
            List<String> words = List.of(line.split(" "));
            List<String> conditions = words.subList(1, words.size());
            if (conditions.isEmpty()
                    || conditions.stream().anyMatch(each -> each.equals(FFI) ? ffi : isAtLeast(version, each))) {
                redefined.add(words.get(0));
            }
        }
        return new ResidentScripts(preload.toString(), boot, redefined);
    }

    private static boolean isAtLeast(String version, String least) {
        return ModuleDescriptor.Version.parse(version).compareTo(ModuleDescriptor.Version.parse(least)) >= 0;
    }

    /** The names of the scripts in the run directory. */
    static List<String> names() throws IOException {
        List<String> names = new ArrayList<>(List.of(PREFIX + BOOT));
        for (String part : parts()) {
            names.add(PREFIX + part + ".php");
        }
        return names;
    }

    private static List<String> parts() throws IOException {
        return text(PARTS).lines().filter(line -> !line.isBlank()).toList();
    }

    private static String text(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ResidentScripts.class.getResourceAsStream("/resident/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The setting that disables PHP's own functions besides those that the user disables. It has to be given after all others. */
    Map<String, String> settings() {
        return Map.of("disable_functions", "${disable_functions}," + String.join(",", redefined));
    }
}
