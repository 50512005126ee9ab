package dev.relais.slot;

import org.jspecify.annotations.Nullable;

/**
 * Which functions one child has run lately. What a child writes to its {@link ErrorPipes pipe} is read some time later, when it may run
 * something else; the mark at each run's end, of which there is one for each entry here, tells which run wrote it. Written by the event
 * loop of the child's slot, read by the thread that reads the pipe; with far more runs than entries the reader is called before the first is
 * overwritten.
 */
public final class RunHistory {
    /** Of a child whose pipe nobody reads. */
    public static final RunHistory NONE = new RunHistory(many -> {});

    /** Hears of runs whose end it has not read; on the event loop. */
    public interface Reader {
        /** @param many whether entries will soon be overwritten; else this is the first one */
        void unread(boolean many);
    }

    static final int SIZE = 512;
    /** How often the pipe is found empty until a mark that is still awaited has been lost. */
    static final int PATIENCE = 8;

    private static final int MANY = SIZE - SIZE / 8;

    private final @Nullable String[] functions = new @Nullable String[SIZE];
    private final Reader reader;
    private volatile long begun;
    private volatile long ended; // the value of begun when a run ended
    private volatile long read; // marks, by the reader alone
    private long awaited; // the value of ended when the pipe was last empty; by the reader alone, as patience
    private int patience;

    public RunHistory(Reader reader) {
        this.reader = reader;
    }

    /** The child begins to run this function. On the event loop. */
    void begin(String function) {
        if (this == NONE) {
            return;
        }
        long before = begun;
        functions[(int) before & SIZE - 1] = function;
        begun = before + 1;
        long unread = before + 1 - read;
        if (unread == 1 || unread == MANY) {
            reader.unread(unread == MANY);
        }
    }

    /** The run has ended as far as the gateway is concerned. On the event loop. */
    void end() {
        ended = begun;
    }

    /** Whether a run goes on, or the mark of one has not been read. Any thread. */
    public boolean isUnread() {
        return read < begun;
    }

    /** The function of the run that writes what is read now; null when that is not known. By the reader. */
    public @Nullable String function() {
        long last = begun - 1;
        long run = Math.min(read, last);
        @Nullable String function = run < 0 ? null : functions[(int) run & SIZE - 1];
        return begun - run > SIZE ? null : function;
    }

    /** The mark of a run's end was read. A script can write one, too, so there may be more of them than runs. By the reader. */
    public void markRead() {
        read = Math.min(read + 1, begun);
    }

    /** How many runs had ended, for {@link #pipeIsEmpty}. Any thread. */
    public long ended() {
        return ended;
    }

    /**
     * Nothing is left in the pipe of what was there when so many runs had ended. A child writes the mark of a run before it takes the next one,
     * so all marks were there but perhaps the last one's, which may be on its way, but not for ever while the child is idle. By the reader.
     *
     * @param known what {@link #ended} said before the pipe was looked at
     */
    public void pipeIsEmpty(long known) {
        if (read >= known) {
            return;
        }
        if (read < known - 1) {
            read = known - 1;
        }
        if (known != begun) {
            return;
        }
        if (known != awaited) {
            awaited = known;
            patience = PATIENCE;
        }
        if (--patience == 0) {
            read = known;
        }
    }
}
