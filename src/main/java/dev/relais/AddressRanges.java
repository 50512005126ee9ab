package dev.relais;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some IP addresses: single ones such as {@code 192.0.2.1}, and ranges such as {@code 2001:db8::/32}. Immutable. */
public final class AddressRanges {
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    private final List<String> entries;
    private final List<IpSubnetFilterRule> ranges = new ArrayList<>();

    /** @throws IllegalArgumentException when an entry is neither an address nor a range; its message is the entry */
    public AddressRanges(List<String> entries) {
        this.entries = List.copyOf(entries);
        for (String entry : entries) {
            IpSubnetFilterRule range = range(entry.trim());
            if (range == null) {
                throw new IllegalArgumentException(entry);
            }
            ranges.add(range);
        }
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** @param address 4 or 16 bytes */
    public boolean contain(byte[] address) {
        InetSocketAddress peer;
        try {
            peer = new InetSocketAddress(InetAddress.getByAddress(address), 0);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e); // of another length
        }
        for (int i = 0; i < ranges.size(); i++) {
            if (ranges.get(i).matches(peer)) {
                return true;
            }
        }
        return false;
    }

    /** Whether this is one of them, as text; no name is looked up, and what is no address is none of them. */
    public boolean contain(String address) {
        byte[] bytes = bytes(address);
        return bytes != null && contain(bytes);
    }

    /**
     * The bytes of an address without a port, of which IPv4 written in IPv6 ({@code ::ffff:192.0.2.1}) has 4; null when the text is no
     * address.
     *
     * @param host null is none
     */
    public static byte @Nullable [] bytes(@Nullable String host) {
        byte[] bytes = host == null ? null : NetUtil.createByteArrayFromIpAddressString(host);
        if (bytes != null && bytes.length == 16 && Arrays.equals(bytes, 0, MAPPED.length, MAPPED, 0, MAPPED.length)) {
            return Arrays.copyOfRange(bytes, MAPPED.length, 16);
        }
        return bytes;
    }

    /** The range of an entry; null when it is invalid. Host names are invalid, so nothing is looked up. */
    private static @Nullable IpSubnetFilterRule range(String entry) {
        int slash = entry.indexOf('/');
        byte[] network = bytes(slash < 0 ? entry : entry.substring(0, slash));
        if (network == null) {
            return null;
        }
        int most = network.length * 8;
        long bits = slash < 0 ? most : Digits.parse(entry.substring(slash + 1), most);
        return bits < 0
                ? null
                : new IpSubnetFilterRule(NetUtil.bytesToIpAddress(network), (int) bits, IpFilterRuleType.ACCEPT);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressRanges others && others.entries.equals(entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    @Override
    public String toString() {
        return entries.toString();
    }
}
