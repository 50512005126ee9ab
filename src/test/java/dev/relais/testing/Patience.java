package dev.relais.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * How long every test waits for what must come: a minute, so that a machine with much other work fails no test. JUnit finds
 * this extension in {@code META-INF/services} and uses it for all tests. It sets Awaitility's defaults ({@link Polling}), and adds to each
 * failure what {@link Sight} knows. A test of a {@code @QuarkusTest} class has classes of its own class loader, which are
 * therefore reached by reflection.
 */
public final class Patience
        implements BeforeAllCallback,
                BeforeEachCallback,
                TestExecutionExceptionHandler,
                LifecycleMethodExecutionExceptionHandler {
    /** For waits that take a number and {@link TimeUnit#SECONDS}. */
    public static final int SECONDS = 60;

    public static final Duration LIMIT = Duration.ofSeconds(SECONDS);

    @Override
    public void beforeAll(ExtensionContext context) throws ReflectiveOperationException {
        in(context, Polling.class.getName()).getMethod("begin").invoke(null);
    }

    @Override
    public void beforeEach(ExtensionContext context) throws ReflectiveOperationException {
        in(context, Sight.class.getName()).getMethod("begin").invoke(null);
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw explained(context, failure);
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw explained(context, failure);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw explained(context, failure);
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw explained(context, failure);
    }

    private static Throwable explained(ExtensionContext context, Throwable failure) {
        if (failure instanceof org.opentest4j.TestAbortedException) {
            return failure;
        }
        try {
            Object seen = in(context, Sight.class.getName()).getMethod("all").invoke(null);
            failure.addSuppressed(new Seen(seen.toString()));
        } catch (ReflectiveOperationException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    private static Class<?> in(ExtensionContext context, String name) throws ClassNotFoundException {
        return Class.forName(name, true, context.getRequiredTestClass().getClassLoader());
    }

    /** Stands in the report of a failed test below its stack trace; it has no stack trace of its own. */
    private static final class Seen extends Exception {
        private static final long serialVersionUID = 1;

        Seen(String message) {
            super(message, null, false, false);
        }
    }
}
