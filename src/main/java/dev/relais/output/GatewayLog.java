package dev.relais.output;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.logging.Handler;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;

/**
 * The gateway's own log with PHP's messages: wherever Quarkus is configured to write it (console, file, syslog, socket, and those of single
 * categories), a {@link QueuedHandler} stands before, so that no thread that logs waits for it. There is one log in a JVM.
 */
public final class GatewayLog {
    private static volatile List<QueuedHandler> all = List.of();

    private GatewayLog() {}

    /**
     * From now on lines wait for their own writers. Once, when Quarkus has configured the log.
     *
     * @param capacity of the queue before each handler, in bytes
     * @param dropped called for each line that is dropped
     * @param nanos as {@link System#nanoTime}
     */
    public static void queue(long capacity, Runnable dropped, LongSupplier nanos) {
        Map<Handler, QueuedHandler> made = new IdentityHashMap<>(); // categories may share a handler
        LogContext context = LogContext.getLogContext();
        Set<String> names = new HashSet<>(Collections.list(context.getLoggerNames()));
        names.add(""); // the root, which is not among them
        for (String name : names) {
            Logger logger = context.getLoggerIfExists(name);
            if (logger != null && logger.getHandlers().length > 0) {
                logger.setHandlers(queued(logger.getHandlers(), made, capacity, dropped, nanos));
            }
        }
        all = new ArrayList<>(made.values());
    }

    private static Handler[] queued(
            Handler[] handlers, Map<Handler, QueuedHandler> made, long capacity, Runnable dropped, LongSupplier nanos) {
        Handler[] queued = handlers.clone();
        for (int i = 0; i < queued.length; i++) {
            if (!(queued[i] instanceof ExtHandler handler)) {
                continue; // it writes nowhere, but looks at what is logged
            }
            if (handler.getHandlers().length > 0) {
                handler.setHandlers(queued(handler.getHandlers(), made, capacity, dropped, nanos));
            } else {
                queued[i] = made.computeIfAbsent(handler, to -> new QueuedHandler(to, capacity, dropped, nanos));
            }
        }
        return queued;
    }

    /**
     * Writes what waits. Blocks. What is logged afterwards is written by whoever logs it.
     *
     * @param most for how long it waits for each handler
     */
    public static void finish(Duration most) {
        for (QueuedHandler handler : all) {
            handler.finish(most);
        }
    }
}
