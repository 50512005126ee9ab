package dev.relais.http;

import dev.relais.AddressRanges;
import dev.relais.Digits;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/**
 * An IP address and a port, as they stand in a forwarding header.
 *
 * @param host the address as text, in the canonical form that PHP gets
 * @param bytes 4 or 16; IPv4 written in IPv6 ({@code ::ffff:192.0.2.1}) is IPv4
 * @param port 0 when it is not known
 */
record ClientAddress(String host, byte[] bytes, int port) {
    /**
     * Reads {@code 192.0.2.1}, {@code 192.0.2.1:4711}, {@code 2001:db8::1}, {@code [2001:db8::1]} or {@code [2001:db8::1]:4711}.
     *
     * @return null for anything else, such as the {@code unknown} of RFC 7239; no name is ever resolved
     */
    static @Nullable ClientAddress parse(String text) {
        int bracket = text.lastIndexOf(']');
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon > bracket && (bracket >= 0 || text.indexOf(':') == colon);
        int port = hasPort ? port(text.substring(colon + 1)) : 0;
        byte[] bytes = bytes(hasPort ? text.substring(0, colon) : text);
        return bytes == null || port < 0 ? null : new ClientAddress(NetUtil.bytesToIpAddress(bytes), bytes, port);
    }

    /**
     * The address of a socket in the form that PHP gets: IPv6 in the canonical form of RFC 5952 section 4, which allowlists
     * use, and without a zone. Java would write all of its zeros.
     *
     * @param host null for a Unix socket, which nginx calls {@code unix:}
     */
    static String canonical(@Nullable String host) {
        if (host == null) {
            return "unix:";
        }
        if (host.indexOf(':') < 0) {
            return host;
        }
        byte[] bytes = bytes(host);
        return bytes == null ? host : NetUtil.bytesToIpAddress(bytes);
    }

    /**
     * The bytes of an address without a port; null when the text is no address.
     *
     * @param host null is none
     */
    static byte @Nullable [] bytes(@Nullable String host) {
        return AddressRanges.bytes(host);
    }

    /** A port from 1 to 65535; -1 when the text is none. */
    static int port(String text) {
        long port = Digits.parse(text, 65_535);
        return port < 1 ? -1 : (int) port;
    }
}
