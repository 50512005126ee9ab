package dev.relais.console;

import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Limits how many wrong tokens one address may try, to as many as the actions that it could take with the right one
 * ({@link ActionRate}). Beyond that a token is not even compared. All IPv6 addresses of one /64 network count as one address,
 * because one host is given that many. A request that is refused for another reason is no guess: a page that a browser on this
 * host runs can cause any number of those, but none with a token. Any thread.
 */
final class GuessRate {
    /** How many addresses are remembered, which are those that guessed last. */
    static final int MOST_ADDRESSES = 1_000;

    private final int perMinute;
    private final LongSupplier nanoTime;
    private final Map<String, ActionRate> wrong = new LinkedHashMap<>(16, 0.75f, true); // guarded by this

    /** @param nanoTime as in {@link ActionRate} */
    GuessRate(int perMinute, LongSupplier nanoTime) {
        this.perMinute = perMinute;
        this.nanoTime = nanoTime;
    }

    /** @return 0 when this address may try a token now; otherwise in how many seconds, at least 1 */
    synchronized long secondsUntilNext(SocketAddress remote) {
        ActionRate tried = wrong.get(source(remote));
        return tried == null ? 0 : tried.secondsLeft();
    }

    /** Notes that this address has tried a wrong token. */
    synchronized void wrong(SocketAddress remote) {
        wrong.computeIfAbsent(source(remote), address -> new ActionRate(perMinute, nanoTime))
                .secondsUntilNext();
        if (wrong.size() > MOST_ADDRESSES) {
            wrong.remove(wrong.keySet().iterator().next());
        }
    }

    private static String source(SocketAddress remote) {
        String text = remote == null ? null : remote.hostAddress();
        try {
            // The text is an address, so no name is looked up.
            InetAddress address = text == null ? null : InetAddress.getByName(text);
            return address instanceof Inet6Address
                    ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), 8))
                    : String.valueOf(text);
        } catch (UnknownHostException e) {
            return text;
        }
    }
}
