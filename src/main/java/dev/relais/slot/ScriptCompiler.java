package dev.relais.slot;

import io.netty.buffer.ByteBuf;

/** Compiles a list of scripts in a worker by requests, each of which compiles some and answers where the next one goes on. Any thread. */
public interface ScriptCompiler {
    /** What {@link #next} says when all scripts are compiled. */
    int DONE = -1;

    /** What {@link #next} says when the worker compiles no more of them. */
    int INCOMPLETE = -2;

    /** How many scripts there are. */
    int count();

    /** The request that goes on with this script of the list, counted from 0. The caller releases it. */
    ByteBuf request(int from);

    /**
     * @param reply the body of the answer, or why there was none. @return the script to go on with, else {@link #DONE} or
     *     {@link #INCOMPLETE}
     */
    int next(String reply);
}
