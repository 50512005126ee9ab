package dev.relais.events;

import java.util.List;
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

    /**
     * A request has left something in the memory of a resident application that the next one may meet.
     *
     * @param requestId the id of the request; null for none
     * @param left what it has left, in words, which the application may have chosen; only the first {@value #MOST_LEFT} are told
     * @param strict whether the child ends for it
     */
    record LeftBehind(String function, @Nullable String requestId, List<String> left, boolean strict)
            implements RequestEvent {
        private static final int MOST_LEFT = 5;

        public LeftBehind {
            left = List.copyOf(left);
        }

        @Override
        public String type() {
            return "request-left-behind";
        }

        @Override
        public Level level() {
            return Level.WARN;
        }

        @Override
        public String words() {
            return "Request has left something behind";
        }

        @Override
        public void tell(Details to) {
            String more = left.size() > MOST_LEFT ? "; and " + (left.size() - MOST_LEFT) + " more" : "";
            to.put("function", function)
                    .put("request-id", requestId)
                    .put("strict", strict)
                    .put("left", String.join("; ", left.subList(0, Math.min(MOST_LEFT, left.size()))) + more);
        }

        @Override
        public String floodOf() {
            return function;
        }
    }
}
