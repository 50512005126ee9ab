package dev.relais.http;

import dev.relais.ConfigurationProblem;
import dev.relais.Digits;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The addresses of the proxies that are believed when they say who a client is: {@code relais.http.trusted-proxies}. Immutable. */
final class TrustedProxies {
    private final List<IpSubnetFilterRule> ranges = new ArrayList<>();

    /** @throws ConfigurationProblem when an entry is neither an address nor a range */
    TrustedProxies(List<String> entries) {
        for (String entry : entries) {
            IpSubnetFilterRule range = range(entry.trim());
            if (range == null) {
                throw new ConfigurationProblem(
                        "relais.http.trusted-proxies",
                        String.join(",", entries),
                        "'" + entry + "' is no address and no range",
                        "write addresses as 192.0.2.1 or 2001:db8::1, ranges as 10.0.0.0/8; names are not looked up");
            }
            ranges.add(range);
        }
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** @param address 4 or 16 bytes */
    boolean contain(byte[] address) {
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

    /** The range of an entry; null when it is invalid. Host names are invalid, so nothing is looked up. */
    private static @Nullable IpSubnetFilterRule range(String entry) {
        int slash = entry.indexOf('/');
        byte[] network = ClientAddress.bytes(slash < 0 ? entry : entry.substring(0, slash));
        if (network == null) {
            return null;
        }
        int most = network.length * 8;
        long bits = slash < 0 ? most : Digits.parse(entry.substring(slash + 1), most);
        return bits < 0
                ? null
                : new IpSubnetFilterRule(NetUtil.bytesToIpAddress(network), (int) bits, IpFilterRuleType.ACCEPT);
    }
}
