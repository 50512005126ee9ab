package dev.relais.slot;

/** What a child does, for operators. The status of the gateway uses these names in lower case. */
public enum ChildState {
    /** No process has answered on the connection since it was opened, or since it last broke. */
    STARTING,
    IDLE,
    /** It is claimed, or runs a script. */
    BUSY,
    /** It runs the rest of a script whose answer is complete. */
    FINISHING,
    /** It is being replaced, or runs its last script because its worker leaves. */
    RETIRING
}
