package dev.relais.slot;

import io.netty.buffer.ByteBuf;

/** A request of Relais' own by which a worker hears that code has changed on the disk, see {@link Worker#tell}. Immutable. */
public interface Notice {
    /** A whole one, without a body. The caller releases it. */
    ByteBuf request();

    /**
     * Whether the worker has taken it.
     *
     * @param reply the begin of the answer's body
     */
    boolean isTaken(String reply);

    /** One that tells what this one and a later one tell. */
    Notice with(Notice later);
}
