package dev.relais.gateway;

import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.Functions;
import dev.relais.functions.PhpFunction;
import dev.relais.http.Callbacks;
import dev.relais.http.RequestTarget;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Finds an invocation's script once more, when it was replaced or removed since the last scan and provably did not start (a Kubernetes
 * ConfigMap removes the old directory at once): has the functions' directory looked at, and tells the invocation what is there now.
 */
final class ScriptRefresh {
    /** Told one of these, once, on the request's event loop. */
    interface Listener {
        /** The target leads to another script now. */
        void scriptIsElsewhere(Route found);

        /** The target leads to no function any more. */
        void functionIsGone();

        /** The script is where it was, or the directory cannot be read: what PHP has said of it stands. */
        void answerStands();
    }

    private ScriptRefresh() {}

    /**
     * @param gone the function whose script PHP did not find
     * @param loop of the request
     * @param callbacks of its invocation
     */
    static void begin(
            Functions functions,
            PhpFunction gone,
            RequestTarget target,
            EventLoop loop,
            Callbacks callbacks,
            Listener listener) {
        functions
                .refresh()
                .whenComplete((registry, failure) -> loop.execute(callbacks.task(
                        () -> tell(failure == null ? functions.current() : null, gone, target, listener))));
    }

    /** @param registry as it is now; null when the directory could not be read */
    private static void tell(
            @Nullable FunctionRegistry registry, PhpFunction gone, RequestTarget target, Listener listener) {
        if (registry == null) {
            listener.answerStands();
            return;
        }
        Route found = Route.find(registry, target);
        if (found == null) {
            listener.functionIsGone();
        } else if (found.function().scriptFilename().equals(gone.scriptFilename())) {
            listener.answerStands();
        } else {
            listener.scriptIsElsewhere(found);
        }
    }
}
