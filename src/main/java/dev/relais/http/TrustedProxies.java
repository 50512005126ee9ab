package dev.relais.http;

import dev.relais.AddressRanges;
import dev.relais.ConfigurationProblem;
import java.util.List;

/** The addresses of the proxies that are believed when they say who a client is: {@code relais.http.trusted-proxies}. Immutable. */
final class TrustedProxies {
    private final AddressRanges ranges;

    /** @throws ConfigurationProblem when an entry is neither an address nor a range */
    TrustedProxies(List<String> entries) {
        try {
            ranges = new AddressRanges(entries);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationProblem(
                    "relais.http.trusted-proxies",
                    String.join(",", entries),
                    "'" + e.getMessage() + "' is no address and no range",
                    "write addresses as 192.0.2.1 or 2001:db8::1, ranges as 10.0.0.0/8; names are not looked up");
        }
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** @param address 4 or 16 bytes */
    boolean contain(byte[] address) {
        return ranges.contain(address);
    }
}
