package dev.relais.slot;

import io.netty.buffer.ByteBuf;

/**
 * Compiles a list of scripts by requests to a worker. Each request compiles some scripts and answers with the one at which the
 * next request begins. Any thread.
 */
public interface ScriptCompiler {
    /** What {@link #next} returns when all scripts are compiled. */
    int DONE = -1;

    /** What {@link #next} returns when the worker gave up before the last one. */
    int INCOMPLETE = -2;

    /** The number of scripts. */
    int count();

    /** The request that begins with this script of the list, counted from 0. The caller releases it. */
    ByteBuf request(int from);

    /**
     * @param reply the body of the answer, or why there was none
     * @return the script to go on with, else {@link #DONE} or {@link #INCOMPLETE}
     */
    int next(String reply);
}
