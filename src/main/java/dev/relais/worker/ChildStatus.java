package dev.relais.worker;

import java.time.Instant;

/**
 * One child at one instant, for operators.
 *
 * @param pid of the process last proven; -1 before the first
 * @param started when that process began; null before the first
 * @param function the one it runs; null when it runs none
 * @param served exchanges that this process has ended
 * @param exchanges ended by all processes of this slot since the gateway's start
 * @param failures exchanges of the slot that broke off
 * @param residentBytes -1 when there is no such process
 * @param privateBytes what ending the process would free; -1 where the kernel does not say
 */
public record ChildStatus(
        State state,
        long pid,
        Instant started,
        String function,
        long served,
        long exchanges,
        long failures,
        long residentBytes,
        long privateBytes) {
    /** What a child does. */
    public enum State {
        /** No process has answered on its connection yet, or not since that broke. */
        STARTING,
        IDLE,
        /** Claimed, or running a script. */
        BUSY,
        /** Running the rest of a script whose answer is complete. */
        FINISHING,
        /** Running its last script: its worker leaves. */
        RETIRING
    }
}
