package dev.relais.lifecycle;

import dev.relais.ConfigurationProblem;
import dev.relais.OneTask;
import dev.relais.configuration.InvalidConfiguration;
import dev.relais.system.DoctorMode;
import dev.relais.system.NativeExecutable;
import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.config.ConfigValidationException;
import java.util.List;
import java.util.function.BiConsumer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/** The entry point. A start that is impossible ends with one line on standard error and exit code 1. */
@QuarkusMain
public final class Main {
    Main() {} // not private, for Quarkus makes a bean of it

    public static void main(String... arguments) {
        NativeExecutable.warnOfWhatIsPassedOver();
        // Vert.x would refuse targets that java.net.URI does not accept. RequestTarget judges them here, and PHP may
        // get {, | and ".
        System.setProperty("vertx.disableURIValidation", "true");
        try {
            Modes.ask(List.of(arguments));
        } catch (ConfigurationProblem e) {
            System.err.println("relais: " + e.getMessage());
            System.exit(Modes.codeOfFailure(List.of(arguments)));
        } catch (OneTask.Done done) {
            System.exit(done.code());
        }
        installSignals();
        // The default handler ends the JVM. In dev mode there is another one, which keeps the JVM for the next reload.
        BiConsumer<Integer, Throwable> end = ApplicationLifecycleManager.getDefaultExitCodeHandler();
        Quarkus.run(
                Serving.class,
                (code, failure) -> {
                    GatewayLogging.finish();
                    if (isStop(failure)) {
                        end.accept(0, null);
                        return;
                    }
                    OneTask.Done task = cause(failure, OneTask.Done.class);
                    if (task != null) {
                        end.accept(task.code(), null);
                        return;
                    }
                    if (failure != null && !DoctorMode.report(cause(failure, ConfigurationProblem.class))) {
                        report(failure);
                    }
                    end.accept(failure == null ? code : Modes.codeOfFailure(List.of(arguments)), failure);
                },
                arguments);
    }

    /** Sets what signals do until the start takes them over. Nothing is running yet that would have to end in order. */
    private static void installSignals() {
        untilStart("TERM", () -> Runtime.getRuntime().halt(0));
        untilStart("INT", () -> Runtime.getRuntime().halt(0));
        untilStart("USR1", () -> {});
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
            if (cause instanceof ConfigValidationException invalid) {
                return InvalidConfiguration.explain(invalid, ConfigProvider.getConfig());
            }
            String line = PortProblem.explain(cause, ConfigProvider.getConfig());
            if (line != null) {
                return line;
            }
        }
        return null;
    }
}
