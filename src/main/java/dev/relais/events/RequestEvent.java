package dev.relais.events;

import org.jboss.logging.Logger.Level;
import org.jspecify.annotations.Nullable;

/** An unusual outcome of a request. A client can cause it, so its log lines are limited. */
public sealed interface RequestEvent extends Event {
    /**
     * The request is run once more, because the process that ran it was lost.
     *
     * @param requestId the id of the request; null for none
     * @param child the process
     * @param started whether the script may have started
     * @param problem the problem that its client would have got
     * @param detail what happened to the process
     */
    record RunAgain(
            String function,
            String method,
            String target,
            @Nullable String requestId,
            int worker,
            long child,
            boolean started,
            String problem,
            String detail)
            implements RequestEvent {
        @Override
        public String type() {
            return "request-run-again";
        }

        @Override
        public Level level() {
            return Level.WARN;
        }

        @Override
        public String words() {
            return "Request is run again";
        }

        @Override
        public void tell(Details to) {
            to.put("function", function)
                    .put("method", method)
                    .put("target", target)
                    .put("request-id", requestId)
                    .put("worker", worker)
                    .put("child", child)
                    .put("started", started)
                    .put("problem", problem)
                    .put("detail", detail);
        }

        @Override
        public String floodOf() {
            return function;
        }
    }
}
