package dev.relais.lifecycle;

import dev.relais.ConfigurationProblem;
import dev.relais.system.DoctorMode;
import dev.relais.system.NativeExecutable;
import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.config.ConfigValidationException;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/** The entry point. A start that is impossible ends with one line on standard error and exit code 1. */
@QuarkusMain
public final class Main {
    private Main() {}

    public static void main(String... arguments) {
        NativeExecutable.warnOfWhatIsPassedOver();
        // Vert.x would refuse targets that java.net.URI does not accept. RequestTarget judges them here, and PHP may
        // get {, | and ".
        System.setProperty("vertx.disableURIValidation", "true");
        if (List.of(arguments).contains(TrainingRun.ARGUMENT)) {
            TrainingRun.ask();
        }
        if (List.of(arguments).contains(DoctorMode.ARGUMENT)) {
            DoctorMode.ask();
        }
        installSignals();
        // The default handler ends the JVM. In dev mode there is another one, which keeps the JVM for the next reload.
        BiConsumer<Integer, Throwable> end = ApplicationLifecycleManager.getDefaultExitCodeHandler();
        Quarkus.run(
                Serving.class,
                (code, failure) -> {
                    if (isStop(failure)) {
                        end.accept(0, null);
                        return;
                    }
                    DoctorMode.Done doctor = cause(failure, DoctorMode.Done.class);
                    if (doctor != null) {
                        end.accept(doctor.code(), null);
                        return;
                    }
                    if (failure != null && !DoctorMode.report(cause(failure, ConfigurationProblem.class))) {
                        report(failure);
                    }
                    end.accept(code, failure);
                },
                arguments);
    }

    /** Sets what signals do until the start takes them over. Nothing is running yet that would have to end in order. */
    private static void installSignals() {
        untilStart("TERM", () -> Runtime.getRuntime().halt(0));
        untilStart("INT", () -> Runtime.getRuntime().halt(0));
        untilStart("HUP", () -> {}); // not SIG_IGN, which PHP-FPM would inherit
    }

    /**
     * Installs a handler that lasts until the start takes the signals over. In dev mode, which is known only once Quarkus runs,
     * the handler stays, and ends the process as the JVM would.
     */
    private static void untilStart(String name, Runnable action) {
        Signal.handle(new Signal(name), signal -> {
            if (LaunchMode.current() == LaunchMode.NORMAL) {
                action.run();
            } else {
                System.exit(128 + signal.getNumber());
            }
        });
    }

    private static boolean isStop(@Nullable Throwable failure) {
        return cause(failure, StoppedEarly.class) != null;
    }

    /** The exception of this type that caused a failure, or is it; null when there is none. */
    private static <T extends Throwable> @Nullable T cause(@Nullable Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    private static void report(Throwable failure) {
        String line = explain(failure);
        if (line == null) {
            Logger.getLogger(Main.class).error("Failed to start", failure);
        } else {
            System.err.println("relais: " + line);
        }
    }

    /** One line with the remedy; null for a failure that is a fault of Relais and needs its stack trace. */
    static @Nullable String explain(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigurationProblem) {
                return cause.getMessage();
            }
            // The epoll transport has its own exception, which does not name the port.
            if (cause instanceof BindException
                    || String.valueOf(cause.getMessage()).contains("Address already in use")) {
                Config config = ConfigProvider.getConfig();
                return "quarkus.http.port=" + config.getValue("quarkus.http.port", String.class)
                        + " or quarkus.management.port="
                        + config.getValue("quarkus.management.port", String.class)
                        + ": taken by another process; stop that one (ss -ltnp shows it), or set another port";
            }
            if (cause instanceof ConfigValidationException invalid) {
                return explain(invalid, ConfigProvider.getConfig());
            }
        }
        return null;
    }

    /** @param config the configuration that is invalid */
    static String explain(ConfigValidationException invalid, Config config) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < invalid.getProblemCount(); i++) {
            String problem = invalid.getProblem(i).getMessage();
            String tooLong = problem.contains(ArithmeticException.class.getName()) ? tooLong(config) : null;
            line.append(i == 0 ? "" : "; ").append(tooLong == null ? problem : tooLong);
        }
        return line.toString().replaceAll("\\s+", " ");
    }

    /**
     * The line for a time with more digits than the converter accepts, since its exception names no key; null for another
     * failure.
     */
    private static @Nullable String tooLong(Config config) {
        for (String name : config.getPropertyNames()) {
            try {
                if (name.startsWith("relais.")) {
                    config.getOptionalValue(name, Duration.class);
                }
            } catch (ArithmeticException e) {
                String value = config.getConfigValue(name).getValue();
                return name + "=" + value + ": is out of range; set a time of at most a day";
            } catch (IllegalArgumentException e) {
                continue; // it is no time
            }
        }
        return null;
    }
}
