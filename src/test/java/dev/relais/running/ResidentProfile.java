package dev.relais.running;

import dev.relais.testing.Side;
import dev.relais.testing.TestFunctions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/** Like {@link RunningProfile}, with the functions of the differential suite in memory, some of them with settings of their own. */
public class ResidentProfile extends RunningProfile {
    /** What php.ini has for a function, by its name in the folder of the suite. */
    public static final Map<String, Map<String, String>> SETTINGS = Map.of(
            "odd",
                    Map.ofEntries(
                            Map.entry("variables_order", "EGPCS"),
                            Map.entry("request_order", "CGP"),
                            Map.entry("register_argc_argv", "1"),
                            Map.entry("auto_globals_jit", "0"),
                            Map.entry("output_buffering", "0"),
                            Map.entry("expose_php", "1"),
                            Map.entry("default_charset", "ISO-8859-1"),
                            Map.entry("post_max_size", "2500"),
                            Map.entry("upload_max_filesize", "500"),
                            Map.entry("max_file_uploads", "4"),
                            Map.entry("max_input_vars", "5"),
                            Map.entry("session.use_strict_mode", "1"),
                            Map.entry("session.cache_limiter", "private"),
                            Map.entry("session.cookie_httponly", "1")),
            "shown", Map.of("display_errors", "1", "html_errors", "1", "output_buffering", "0", "log_errors", "0"));

    /** The functions that include {@code course.php} and are resident. */
    public static final List<String> COURSES = List.of("course", "odd", "shown");

    /** The resident functions of the suite; the last one streams its bodies. */
    private static final List<String> DIFFERENTIAL =
            List.of("request", "response", "app", "course", "odd", "shown", "streamed");

    /** Other resident functions, with the number of their children. */
    private static final Map<String, Integer> OTHERS = Map.of("log", 1, "say", 4, "end", 1, "finish", 4);

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(Functions.class));
    }

    /** The functions, with a folder of each server for what they keep. */
    public static class Functions extends FunctionsResource {
        private Path state;

        @Override
        void prepare(TestFunctions functions) throws IOException {
            state = Files.createTempDirectory("relais-state");
            for (String name : new String[] {"", "nginx", "relais"}) {
                Path folder = Files.createDirectories(state.resolve(name));
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
            }
            functions.put("differential/_state.php", "<?php\nreturn '" + state + "/';\n");
            StringBuilder yaml = new StringBuilder("functions:\n");
            for (String name : DIFFERENTIAL) {
                add(yaml, "differential/" + name, 1);
                Map<String, String> ini = SETTINGS.get(name);
                if (ini != null) {
                    yaml.append("    pool:\n      ini:\n");
                    ini.forEach((key, value) -> yaml.append("        " + key + ": \"" + value + "\"\n"));
                }
            }
            yaml.append("    body: stream\n");
            OTHERS.forEach((name, children) -> add(yaml, name, children));
            yaml.append("  limited:\n    timeout: 500ms\n");
            functions.put("functions.yaml", yaml.toString());
        }

        private static void add(StringBuilder yaml, String name, int children) {
            yaml.append("  " + name + ":\n    resident: {script: _worker.php, children: " + children + "}\n");
        }

        @Override
        public void stop() {
            super.stop();
            try {
                Side.delete(state);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
