package dev.relais.events;

import org.jboss.logging.Logger.Level;
import org.jspecify.annotations.Nullable;

/** What happens to a worker, its master or one of its children. */
public sealed interface WorkerEvent extends Event {
    /** The id of the worker. */
    int worker();

    /**
     * The worker gets no requests except probes while it is worse than the others.
     *
     * @param state {@code held} or {@code ejected}
     */
    record Out(int worker, String state, String reason) implements WorkerEvent {
        @Override
        public String type() {
            return "worker-out";
        }

        @Override
        public Level level() {
            return Level.WARN;
        }

        @Override
        public String words() {
            return "Worker is out";
        }

        @Override
        public void tell(Details to) {
            to.put("worker", worker).put("state", state).put("reason", reason);
        }
    }

    /**
     * The worker is used again.
     *
     * @param state {@code returning}, with some of its children, or {@code normal}, with all
     */
    record Back(int worker, String state, String reason) implements WorkerEvent {
        @Override
        public String type() {
            return "worker-back";
        }

        @Override
        public String words() {
            return "Worker is back";
        }

        @Override
        public void tell(Details to) {
            to.put("worker", worker).put("state", state).put("reason", reason);
        }
    }

    /** The worker's master has ended, or is ended because none of its children serves. Another one is started. */
    record MasterRestarted(int worker, long master, String reason) implements WorkerEvent {
        @Override
        public String type() {
            return "master-restarted";
        }

        @Override
        public Level level() {
            return Level.ERROR;
        }

        @Override
        public String words() {
            return "Master is restarted";
        }

        @Override
        public void tell(Details to) {
            to.put("worker", worker).put("master", master).put("reason", reason);
        }
    }

    /** The worker's master could not be started, which is tried again. */
    record MasterNotStarted(int worker, @Nullable String reason) implements WorkerEvent {
        @Override
        public String type() {
            return "master-not-started";
        }

        @Override
        public Level level() {
            return Level.ERROR;
        }

        @Override
        public String words() {
            return "Master cannot be started";
        }

        @Override
        public void tell(Details to) {
            to.put("worker", worker).put("reason", reason);
        }
    }

    /** Children are missing, and the master is made to start them. */
    record ChildrenMissing(int worker, long master, String reason) implements WorkerEvent {
        @Override
        public String type() {
            return "children-missing";
        }

        @Override
        public Level level() {
            return Level.ERROR;
        }

        @Override
        public String words() {
            return "Master is made to start missing children";
        }

        @Override
        public void tell(Details to) {
            to.put("worker", worker).put("master", master).put("reason", reason);
        }
    }

    /** Another master is started beside one that lives but does not keep its children. */
    record MasterReplacing(int worker, long master, String reason) implements WorkerEvent {
        @Override
        public String type() {
            return "master-replacing";
        }

        @Override
        public Level level() {
            return Level.ERROR;
        }

        @Override
        public String words() {
            return "Master is to be replaced";
        }

        @Override
        public void tell(Details to) {
            to.put("worker", worker).put("master", master).put("reason", reason);
        }
    }

    /** The new master serves in place of the old one. */
    record MasterReplaced(int worker, long master) implements WorkerEvent {
        @Override
        public String type() {
            return "master-replaced";
        }

        @Override
        public String words() {
            return "Master takes over";
        }

        @Override
        public void tell(Details to) {
            to.put("worker", worker).put("master", master);
        }
    }

    /**
     * A child could not boot the application that it is to keep in memory, which is tried again.
     *
     * @param reason what PHP, or its script, has said; of a long one only the beginning is kept
     */
    record BootFailed(int worker, String function, String reason) implements WorkerEvent {
        private static final int LONGEST = 4 << 10;

        public BootFailed {
            reason = reason.length() > LONGEST ? reason.substring(0, LONGEST) : reason;
        }

        @Override
        public String type() {
            return "boot-failed";
        }

        @Override
        public Level level() {
            return Level.ERROR;
        }

        @Override
        public String words() {
            return "Resident application cannot be booted";
        }

        @Override
        public void tell(Details to) {
            to.put("worker", worker).put("function", function).put("reason", reason);
        }

        @Override
        public String floodOf() {
            return function;
        }
    }

    /** A child is ended while it runs something, because an operator wants that. */
    record RunEnded(int worker, long child, String function, String reason) implements WorkerEvent {
        @Override
        public String type() {
            return "run-ended";
        }

        @Override
        public Level level() {
            return Level.WARN;
        }

        @Override
        public String words() {
            return "PHP process is ended for an operator";
        }

        @Override
        public void tell(Details to) {
            to.put("worker", worker)
                    .put("child", child)
                    .put("function", function)
                    .put("reason", reason);
        }
    }

    /**
     * A signal has ended a child. It is not known whether a script or another process sent it.
     *
     * @param function that it ran, or ran last; null when none is known
     * @param how such as {@code on signal 11 (SIGSEGV)}
     */
    record ChildEnded(int worker, long child, @Nullable String function, String how) implements WorkerEvent {
        @Override
        public String type() {
            return "child-ended";
        }

        @Override
        public Level level() {
            return Level.WARN;
        }

        @Override
        public String words() {
            return "PHP process ended";
        }

        @Override
        public void tell(Details to) {
            to.put("worker", worker)
                    .put("child", child)
                    .put("function", function)
                    .put("reason", how);
        }

        @Override
        public String floodOf() {
            return function == null ? "" : function;
        }
    }

    /**
     * A script runs for longer than {@code relais.slow.threshold}. What the kernel does not say is null.
     *
     * @param seconds for how long at least
     * @param cpuPercent the part of the time that it had a processor
     * @param state of the process, such as R, S or D
     * @param waitsIn the function of the kernel that it waits in
     * @param systemCall its number, or "running"
     * @param stack of the kernel, the innermost function first
     * @param peers the other sides of its TCP connections
     */
    record RunSlow(
            int worker,
            long child,
            String function,
            long seconds,
            @Nullable Integer cpuPercent,
            @Nullable String state,
            @Nullable String waitsIn,
            @Nullable String systemCall,
            @Nullable String stack,
            @Nullable String peers)
            implements WorkerEvent {
        @Override
        public String type() {
            return "run-slow";
        }

        @Override
        public Level level() {
            return Level.WARN;
        }

        @Override
        public String words() {
            return "Script is slow";
        }

        @Override
        public void tell(Details to) {
            to.put("worker", worker)
                    .put("child", child)
                    .put("function", function)
                    .put("seconds", seconds)
                    .put("cpu-percent", cpuPercent)
                    .put("state", state)
                    .put("waits-in", waitsIn)
                    .put("system-call", systemCall)
                    .put("stack", stack)
                    .put("peers", peers);
        }

        @Override
        public String floodOf() {
            return function;
        }
    }
}
