package dev.relais.http;

import dev.relais.ConfigurationProblem;
import java.util.ArrayList;
import java.util.List;

/** The addresses whose word about a client is believed: {@code relais.http.trusted-proxies}. Immutable. */
final class TrustedProxies {
    private final List<Range> ranges = new ArrayList<>();

    /** @throws ConfigurationProblem when an entry is neither an address nor a range */
    TrustedProxies(List<String> entries) {
        for (String entry : entries) {
            Range range = range(entry.trim());
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

    boolean contain(byte[] address) {
        for (int i = 0; i < ranges.size(); i++) {
            if (ranges.get(i).contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static Range range(String entry) {
        int slash = entry.indexOf('/');
        byte[] network = ClientAddress.bytes(slash < 0 ? entry : entry.substring(0, slash));
        if (network == null) {
            return null;
        }
        int bits = slash < 0 ? network.length * 8 : bits(entry.substring(slash + 1));
        return bits < 0 || bits > network.length * 8 ? null : new Range(network, bits);
    }

    private static int bits(String text) {
        return text.equals("0") ? 0 : ClientAddress.port(text);
    }

    /** The addresses that have the first so many bits in common. */
    private record Range(byte[] network, int bits) {
        boolean contains(byte[] address) {
            if (address.length != network.length) {
                return false;
            }
            for (int i = 0; i < bits; i += 8) {
                int mask = bits - i >= 8 ? 0xFF : 0xFF << 8 - (bits - i);
                if (((address[i / 8] ^ network[i / 8]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
