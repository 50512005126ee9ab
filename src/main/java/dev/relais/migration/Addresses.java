package dev.relais.migration;

import java.util.ArrayList;
import java.util.List;

/** Addresses and ranges of clients, as {@code allow-from} takes them. */
final class Addresses {
    static final List<String> ALL = List.of("0.0.0.0/0", "::/0");

    private Addresses() {}

    /** Whether it is one, and no name of a host. */
    static boolean isOne(String text) {
        return text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}(/[0-9]{1,2})?|(?=.*:.*:)[0-9A-Fa-f:]{2,39}(/[0-9]{1,3})?");
    }

    /** Of {@code Require ip} alone; empty when there is something else. */
    static List<String> ofRequire(List<Directive> some) {
        List<String> addresses = new ArrayList<>();
        for (Directive one : some) {
            List<String> args = one.args();
            boolean isIp = one.is("require")
                    && args.size() > 1
                    && args.get(0).equalsIgnoreCase("ip")
                    && args.stream().skip(1).allMatch(Addresses::isOne);
            if (!isIp) {
                return List.of();
            }
            addresses.addAll(args.subList(1, args.size()));
        }
        return addresses;
    }
}
