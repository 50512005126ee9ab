package dev.relais.fpm;

import dev.relais.process.ChildOutput;
import dev.relais.process.ProcReader;
import dev.relais.slot.ErrorPipes;
import dev.relais.slot.RunHistory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The {@link ErrorPipe}s of one master's children. There are some more than children, for those that end while their successors begin; a
 * child for which none is left writes to its master. Any thread.
 */
final class MasterErrors {
    /** How much is read of a child that has ended; what it has left in the background may write for ever. */
    private static final int MOST_AT_END = 4 << 20;

    private final ProcReader proc;
    private final String nonce;
    private final List<ErrorPipe> pipes = new ArrayList<>();
    private final Deque<Integer> free = new ArrayDeque<>(); // guarded by this
    private final Map<Long, Integer> used = new HashMap<>(); // by child; guarded by this
    private boolean opened; // guarded by this

    /**
     * @param launch of the master, whose shell makes the pipes
     * @param output takes what the children write
     * @param reader calls {@link #read} when something is unread, and now and then
     */
    MasterErrors(FpmLaunch launch, int count, ChildOutput output, RunHistory.Reader reader, ProcReader proc) {
        this.proc = proc;
        this.nonce = ErrorFunction.nonce();
        for (int n = 0; n < count; n++) {
            pipes.add(new ErrorPipe(launch.errorPipe(n), nonce, output, reader));
            free.add(n);
        }
    }

    static int count(int children) {
        return children + 2 + children / 4;
    }

    /**
     * The first offer opens all pipes: how many descriptors a master costs is so known from its start on, and does not grow with each child
     * that ends.
     */
    synchronized ErrorPipes.Offer offer() {
        if (!opened) {
            pipes.forEach(ErrorPipe::open);
            opened = true;
        }
        if (free.isEmpty()) {
            endUnknown();
        }
        Integer number = free.poll();
        if (number == null) {
            return ErrorPipes.Offer.NONE;
        }
        if (!pipes.get(number).open()) {
            free.addLast(number);
            return ErrorPipes.Offer.NONE;
        }
        return new Offered(number);
    }

    /** A child may have ended before its proof was through: then its end was told before its use. */
    private void endUnknown() {
        for (long pid : List.copyOf(used.keySet())) {
            if (proc.stat(pid) == null) {
                ended(pid);
            }
        }
    }

    /** It is the last one to be offered again: what a child leaves in the background may still write to it. */
    private synchronized void giveBack(int number) {
        if (!used.containsValue(number) && !free.contains(number)) {
            free.addLast(number);
        }
    }

    private synchronized RunHistory use(int number, long pid) {
        if (number >= pipes.size() || !pipes.get(number).open()) {
            return RunHistory.NONE;
        }
        free.remove(number);
        used.put(pid, number);
        return pipes.get(number).use(pid);
    }

    /** This child has ended: what it has written is passed on before anything is told of its end. */
    void ended(long pid) {
        Integer number;
        synchronized (this) {
            number = used.remove(pid);
        }
        if (number != null) {
            finish(pipes.get(number));
            giveBack(number);
        }
    }

    private static void finish(ErrorPipe pipe) {
        byte[] buffer = new byte[16 << 10];
        for (int all = 0, count = 1; count > 0 && all < MOST_AT_END; all += count) {
            count = pipe.read(buffer);
        }
        pipe.endLine();
    }

    /**
     * Reads what is in the pipes, as far as it fits into the buffer.
     *
     * @return the most bytes that one pipe had
     */
    int read(byte[] buffer) {
        int most = 0;
        for (ErrorPipe pipe : pipes) {
            most = Math.max(most, pipe.read(buffer));
        }
        return most;
    }

    /** Whether more is to be expected soon. */
    boolean isUnread() {
        for (ErrorPipe pipe : pipes) {
            if (pipe.isUnread()) {
                return true;
            }
        }
        return false;
    }

    /** All children have ended. */
    void close() {
        for (ErrorPipe pipe : pipes) {
            finish(pipe);
            pipe.close();
        }
    }

    private final class Offered implements ErrorPipes.Offer {
        private final int number;

        Offered(int number) {
            this.number = number;
        }

        @Override
        public String told() {
            return nonce + ' ' + pipes.get(number).path();
        }

        @Override
        public RunHistory answered(long pid, int taken) {
            RunHistory history = taken < 0 ? RunHistory.NONE : use(taken, pid);
            if (taken != number) {
                giveBack(number);
            }
            return history;
        }

        @Override
        public void withdraw() {
            giveBack(number);
        }
    }
}
