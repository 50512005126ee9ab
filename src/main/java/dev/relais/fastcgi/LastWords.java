package dev.relais.fastcgi;

import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;

/**
 * What is still read on a connection whose process has ended: what the process had written. Another process may hold the socket and go on
 * writing, so that the connection is closed after a while. Confined to the connection's event loop.
 */
final class LastWords {
    /** The most rounds of 2 ms. */
    private static final int MOST_TURNS = 50;

    private boolean begun;
    private boolean cameSince; // since the last round

    /** @return false when it had begun before */
    boolean begin() {
        boolean first = !begun;
        begun = true;
        return first;
    }

    boolean haveBegun() {
        return begun;
    }

    /** Something was read. */
    void came() {
        cameSince = true;
    }

    /**
     * Closes the channel.
     *
     * @param reads whether what is there is to be read before
     */
    void closeAfter(Channel channel, boolean reads) {
        if (reads) {
            await(channel, MOST_TURNS);
        } else {
            channel.close();
        }
    }

    private void await(Channel channel, int turns) {
        cameSince = false;
        // A scheduled task runs only after the loop has once more read what there is.
        channel.eventLoop()
                .schedule(
                        () -> {
                            if (cameSince && turns > 0) {
                                await(channel, turns - 1);
                            } else {
                                channel.close();
                            }
                        },
                        2,
                        TimeUnit.MILLISECONDS);
    }
}
