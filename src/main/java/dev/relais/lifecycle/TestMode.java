package dev.relais.lifecycle;

import dev.relais.ConfigurationProblem;
import dev.relais.OneTask;
import dev.relais.hurl.FunctionTests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * The mode {@code test} of the program: the gateway starts on free ports of the loopback, the tests beside the functions are run against it, and it
 * ends. The exit code is 0 when all have passed, 1 when one has failed, and 2 when they could not be run.
 */
final class TestMode {
    /** The argument of the program that asks for it. */
    static final String ARGUMENT = "test";

    private static final String REPORT = "--junit";

    private static volatile @Nullable Asked asked; // null: this run of the program is for something else

    /**
     * @param folder the functions directory; null for the configured one
     * @param report where the report for CI is written; null for none
     */
    record Asked(@Nullable Path folder, @Nullable Path report) {
        /**
         * @param words what follows {@link #ARGUMENT}
         * @throws ConfigurationProblem when they are none that the mode takes
         */
        static Asked of(List<String> words) {
            Path folder = null;
            Path report = null;
            for (int i = 0; i < words.size(); i++) {
                String word = words.get(i);
                if (word.equals(REPORT) && i + 1 < words.size() && report == null) {
                    report = Path.of(words.get(++i));
                } else if (!word.startsWith("-") && folder == null) {
                    folder = Path.of(word);
                } else {
                    throw new ConfigurationProblem(
                            ARGUMENT,
                            String.join(" ", words),
                            "takes a folder, and " + REPORT + " with a file",
                            "write it like test functions " + REPORT + " target/functions.xml");
                }
            }
            if (folder != null && !Files.isDirectory(folder)) {
                throw new ConfigurationProblem(ARGUMENT, folder, "is no folder", "name the functions directory");
            }
            return new Asked(folder, report);
        }
    }

    private TestMode() {}

    /**
     * By whoever calls the program.
     *
     * @param words what follows {@link #ARGUMENT}
     * @throws ConfigurationProblem when they are none that the mode takes
     */
    static void ask(List<String> words) {
        Asked now = Asked.of(words);
        asked = now;
        OneTask.printsOnlyItsResult("WARN");
        Properties properties = System.getProperties();
        // What this host could do better is not what a test is about, nor that CI has signals ignored.
        for (String category : List.of("dev.relais.system", "dev.relais.lifecycle.HangUp")) {
            properties.putIfAbsent("quarkus.log.category.\"" + category + "\".level", "ERROR");
        }
        for (String door : List.of("quarkus.http", "quarkus.management")) {
            properties.setProperty(door + ".host", "127.0.0.1");
            properties.setProperty(door + ".port", "0");
        }
        properties.setProperty("quarkus.http.insecure-requests", "enabled");
        properties.setProperty("relais.start.warm-up", "0s");
        // Tests of sites send the Host that they are about, which the client of the JDK has to be allowed.
        properties.putIfAbsent("jdk.httpclient.allowRestrictedHeaders", "host");
        if (now.folder() != null) {
            properties.setProperty("relais.functions.directory", now.folder().toString());
        }
    }

    static boolean isAsked() {
        return asked != null;
    }

    /**
     * Runs the tests, once the gateway serves. Blocks.
     *
     * @param directory the functions
     * @return the exit code of the program
     */
    static int run(Path directory) {
        Asked now = asked;
        String port = ConfigProvider.getConfig().getValue("quarkus.http.port", String.class);
        return new FunctionTests(directory, System.out, System.err)
                .run("http://127.0.0.1:" + port, now == null ? null : now.report());
    }
}
