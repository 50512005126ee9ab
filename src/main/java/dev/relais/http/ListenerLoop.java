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

    private ListenerLoop() {}

    /**
     * Moves a listener to the loop of its connections if that is the only one. Until it is there, connections wait in the backlog, as they
     * always do. Any thread.
     *
     * @param loop of one of its connections
     */
    static void move(Channel listener, EventLoop loop) {
        if (listener.eventLoop() != loop && isAlone(loop)) {
            listener.deregister().addListener(left -> {
                if (left.isSuccess()) {
                    loop.register(listener);
                } else {
                    LOG.debugf("Listener stays with its thread: address=%s", LogText.value(listener.localAddress()));
                }
            });
        }
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
