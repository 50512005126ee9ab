package dev.relais.http;

import dev.relais.LogText;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.Iterator;
import org.jboss.logging.Logger;

/**
 * Has the one event loop that there is accept its connections itself. Vert.x accepts them on a thread of its own, which wakes an event loop
 * for each: with several loops that shares the connections out, with one it only costs two switches of threads for each connection.
 */
final class ListenerLoop {
    private static final Logger LOG = Logger.getLogger(ListenerLoop.class);
    private static final int MOST_CHARACTERS = 100;

    private ListenerLoop() {}

    /**
     * Moves a listener to the loop of its connections if that is the only one. Until it is there, connections wait in the backlog, as they
     * always do. Any thread.
     *
     * @param loop of one of its connections
     */
    static void move(Channel listener, EventLoop loop) {
        EventLoop before = listener.eventLoop();
        if (before != loop && isAlone(loop)) {
            // What the thread before has still queued for the listener is done before it leaves, so no two threads have
            // it at a time.
            before.execute(() -> {
                listener.config().setAutoRead(false);
                before.execute(
                        () -> listener.deregister().addListener(left -> before.execute(() -> enter(listener, loop))));
            });
        }
    }

    private static void enter(Channel listener, EventLoop loop) {
        loop.register(listener).addListener(entered -> {
            listener.config().setAutoRead(true);
            LOG.debugf(
                    "Listener has moved to the event loop: address=%s",
                    LogText.value(listener.localAddress(), MOST_CHARACTERS));
        });
    }

    private static boolean isAlone(EventLoop loop) {
        if (loop.parent() == null) {
            return false;
        }
        Iterator<?> loops = loop.parent().iterator();
        loops.next();
        return !loops.hasNext();
    }
}
