package dev.relais.slot;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The use of a child by one exchange, from the start of the exchange until the child is free of it. Confined to the slot's
 * event loop.
 */
final class Tenancy {
    private @Nullable Tenant tenant; // null when the child works for no exchange
    private @Nullable Path master; // the socket of the master under which the exchange began
    private boolean lost;

    /** @param socket of the master */
    void begin(Tenant user, @Nullable Path socket) {
        tenant = user;
        master = socket;
        lost = false;
    }

    /** The connection to the child was lost, and the gateway has not caused that. */
    void lost() {
        lost = true;
    }

    /**
     * A child of the master at this socket has answered, which shows that this master lives.
     *
     * @param ended whether the process on which the exchange began has ended
     * @param lostNanos the time since the exchange began
     */
    void proven(@Nullable Path socket, boolean ended, long lostNanos) {
        if (tenant != null && lost && ended && master != null && master.equals(socket)) {
            tenant.crashed(lostNanos);
        }
    }

    /** @param heldNanos as in {@link Tenant#left} */
    void end(long heldNanos) {
        Tenant gone = tenant;
        tenant = null;
        if (gone != null) {
            gone.left(heldNanos);
        }
    }
}
