package dev.relais.functions;

/** Tells that the functions directory has other code than what is in force, where only a generation brings that into force. */
public interface CodeChanges {
    /** Has somebody told, on the watch thread, that the directory has changed and is quiet again. */
    void onChanged(Runnable listener);

    /** Whether the directory is another one than the last candidate was made of. Any thread. */
    boolean haveChanged();
}
