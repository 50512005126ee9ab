package dev.relais.lifecycle;

import dev.relais.ConfigurationProblem;
import dev.relais.OneTask;
import io.quarkus.runtime.ImageMode;
import io.vertx.ext.web.Router;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The mode {@code --version} of the program: it prints the version of Relais, and of java, and ends before anything that makes a part of the
 * gateway. The launcher answers it by itself.
 */
@Singleton
final class VersionMode {
    /** The argument of the program that asks for it. */
    static final String ARGUMENT = "--version";

    private static final int FIRST = 1;

    private static volatile boolean asked;

    private final String version;

    VersionMode(@ConfigProperty(name = "quarkus.application.version", defaultValue = "unknown") String version) {
        this.version = version;
    }

    /**
     * By whoever calls the program.
     *
     * @param words what follows {@link #ARGUMENT}
     * @throws ConfigurationProblem when there are any
     */
    static void ask(List<String> words) {
        if (!words.isEmpty()) {
            throw new ConfigurationProblem(
                    ARGUMENT, String.join(" ", words), "takes no words", "options of java come before " + ARGUMENT);
        }
        asked = true;
        OneTask.printsOnlyItsResult("ERROR");
    }

    /** The first event of a start: the routes of the public port are to be registered. */
    void onRouter(@Observes @Priority(FIRST) Router router) {
        if (asked) {
            System.out.println("relais " + version + ", " + platform());
            throw new OneTask.Done(0);
        }
    }

    private static String platform() {
        return ImageMode.current() == ImageMode.NATIVE_RUN
                ? "native executable"
                : "java " + System.getProperty("java.runtime.version") + " (" + System.getProperty("java.home")
                        + "/bin/java)";
    }
}
