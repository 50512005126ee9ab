package dev.relais.console;

import dev.relais.worker.WorkerGroups;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * {@code DELETE /q/relais/children/<pid>} ends a PHP process that runs something, as its time limit would: its client gets 504, and another
 * process takes its place. The answer is 202, or 404 when no child of this number runs anything. {@link ManagementGuard} checks before
 * whether the sender may do so.
 */
@Singleton
final class ChildrenRoute {
    private final WorkerGroups groups;

    ChildrenRoute(WorkerGroups groups) {
        this.groups = groups;
    }

    void register(@Observes ManagementInterface management) {
        management.router().delete("/q/relais/children/:pid").handler(this::handle);
    }

    private void handle(RoutingContext context) {
        String reason =
                "a DELETE came from " + context.request().remoteAddress().hostAddress();
        long pid = number(context.pathParam("pid"));
        String before = context.request().getParam("served"); // null: whatever it runs
        if (pid > 0
                && (before == null || number(before) >= 0)
                && groups.endRun(pid, before == null ? -1 : number(before), reason)) {
            JsonAnswer.send(context, 202, new JsonObject().put("child", pid).put("outcome", "asked"));
        } else {
            JsonAnswer.refuse(context, 404, "no PHP process of this number runs what is meant");
        }
    }

    /** -1 for what is no number. */
    private static long number(String text) {
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
    }
}
