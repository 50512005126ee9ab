package dev.relais.lifecycle;

import dev.relais.ConfigurationProblem;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.config.ConfigValidationException;
import org.jboss.logging.Logger;

/** The entry. A start that is impossible ends with one line on standard error and exit code 1. */
@QuarkusMain
public final class Main {
    private static final String NETTY_EXTENSIONS = "io.netty.bootstrap.extensions";

    private Main() {}

    public static void main(String... arguments) {
        if (LaunchMode.current() == LaunchMode.NORMAL) {
            // Before Netty's first use: see gateway.AcceptedChannels.
            System.setProperty(NETTY_EXTENSIONS, "serviceload");
            Quarkus.run(null, Main::exit, arguments);
        } else {
            Quarkus.run(arguments);
        }
    }

    private static void exit(int code, Throwable failure) {
        if (failure == null) {
            System.exit(code);
        }
        String line = explain(failure);
        if (line == null) {
            Logger.getLogger(Main.class).error("Failed to start", failure);
        } else {
            System.err.println("relais: " + line);
        }
        System.exit(code == 0 ? 1 : code);
    }

    /** One line with the remedy; null for a failure that is a fault of ours and deserves its stack trace. */
    static String explain(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigurationProblem) {
                return cause.getMessage();
            }
            if (cause instanceof QuarkusBindException bind) {
                return "quarkus.http.port=" + bind.getPort() + ": " + bind.getHost() + ":" + bind.getPort()
                        + " is taken by another process; stop that one (ss -ltnp shows it), or set another port";
            }
            if (cause instanceof ConfigValidationException invalid) {
                StringBuilder line = new StringBuilder();
                for (int i = 0; i < invalid.getProblemCount(); i++) {
                    line.append(i == 0 ? "" : "; ").append(invalid.getProblem(i).getMessage());
                }
                return line.toString().replaceAll("\\s+", " ");
            }
        }
        return null;
    }
}
