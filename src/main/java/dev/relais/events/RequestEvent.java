package dev.relais.events;

import org.jboss.logging.Logger.Level;
import org.jspecify.annotations.Nullable;

/** What happens to a request and is no everyday outcome. A client can cause it, so its log lines are limited. */
public sealed interface RequestEvent extends Event {
    /**
     * It is run once more, because the process that ran it was lost.
     *
     * @param requestId that its client gave it; null for none
     * @param child the process
     * @param started whether the script may have started
     * @param problem what its client would have been told
     * @param detail what became of the process
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
