package dev.relais.slot;

/** What a child does, for operators. The status of the gateway has the names in small letters. */
public enum ChildState {
    /** No process has answered on its connection yet, or not since that broke. */
    STARTING,
    IDLE,
    /** Claimed, or running a script. */
    BUSY,
    /** Running the rest of a script whose answer is complete. */
    FINISHING,
    /** Being replaced, or running its last script: its worker leaves. */
    RETIRING
}
