package dev.relais.gateway;

import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.Functions;
import dev.relais.functions.PhpFunction;
import dev.relais.http.Callbacks;
import dev.relais.http.Problem;
import dev.relais.http.RequestTarget;
import dev.relais.sites.Application;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Looks for an invocation's script once more when the script was replaced or removed after the last scan and provably did not
 * start, as when a Kubernetes ConfigMap removes the old directory at once. It has the functions' directory scanned, and passes
 * to the invocation what is there now.
 */
final class ScriptRefresh {
    /** Exactly one method is called, once, on the request's event loop. */
    interface Listener {
        /** The target now leads to another script. */
        void scriptIsElsewhere(Route found);

        /** The target no longer leads to a function. */
        default void functionIsGone() {
            if (!isDone()) {
                finishWith(Problem.FUNCTION_NOT_FOUND, null, null);
            }
        }

        /** Whether the invocation has ended meanwhile. */
        boolean isDone();

        /** The invocation ends with this problem, and with this extra field unless its name is null. */
        void finishWith(Problem problem, @Nullable String name, @Nullable String value);

        /** The script is where it was, or the directory cannot be read. PHP's own answer goes to the client. */
        void answerStands();
    }

    private ScriptRefresh() {}

    /**
     * @param gone the function whose script PHP did not find
     * @param host of the request, as received; null for none
     * @param loop of the request
     * @param callbacks of its invocation
     */
    static void begin(
            Functions functions,
            PhpFunction gone,
            RequestTarget target,
            @Nullable String host,
            EventLoop loop,
            Callbacks callbacks,
            Listener listener) {
        functions
                .refresh()
                .whenComplete((registry, failure) -> loop.execute(callbacks.task(
                        () -> tell(failure == null ? functions.current() : null, gone, target, host, listener))));
    }

    /** @param registry the registry in force now; null when the directory could not be read */
    private static void tell(
            @Nullable FunctionRegistry registry,
            PhpFunction gone,
            RequestTarget target,
            @Nullable String host,
            Listener listener) {
        if (registry == null) {
            listener.answerStands();
            return;
        }
        Route found = Route.find(registry, target, host);
        if (found == null) {
            listener.functionIsGone();
        } else if (isSame(found.function(), gone)) {
            listener.answerStands();
        } else {
            listener.scriptIsElsewhere(found);
        }
    }

    /** Whether looking again would find the same: an application's path is looked up at each request. */
    private static boolean isSame(PhpFunction found, PhpFunction gone) {
        Application now = found.application();
        Application then = gone.application();
        return now != null && then != null
                ? now.root().equals(then.root())
                : found.scriptFilename().equals(gone.scriptFilename());
    }
}
