package dev.relais.functions;

/** Reports that the functions directory differs from the code in force, where only a new generation puts the change in force. */
public interface CodeChanges {
    /** Sets the listener that the watch thread calls when the directory has changed and is quiet again. */
    void onChanged(Runnable listener);

    /** Whether the directory has changed since the last candidate was made. Any thread. */
    boolean haveChanged();
}
