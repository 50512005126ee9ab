package dev.relais.bench;

import dev.relais.sites.SiteTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * From a request's host and path to its site. The hosts come in a shuffled order, and each is a string of its own, as a request's is: its hash is
 * reckoned anew.
 */
@State(Scope.Benchmark)
public class SiteLookup {
    private static final int ASKED = 16_384; // a power of two, above the number of hosts
    private static final int NO_ENCODED_SLASH = Integer.MAX_VALUE;

    @Param({"10", "10000"})
    int hosts;

    /** exact: the name is a site's; mounted: and the path is below one of two mounts; star: of a site named *.; unknown: the site without hosts. */
    @Param({"exact", "mounted", "star", "unknown"})
    String host;

    private SiteTable<String> table;
    private final char[][] names = new char[ASKED][];
    private int next;

    @Setup
    public void register() {
        List<SiteTable.Entry<String>> entries = new ArrayList<>();
        for (int i = 0; i < hosts; i++) {
            String name = "customer-" + (10_000 + i) + ".example.org";
            String named = host.equals("star") ? "*." + name : name;
            entries.add(new SiteTable.Entry<>(List.of(named), "", name));
            if (host.equals("mounted")) {
                entries.add(new SiteTable.Entry<>(List.of(named), "/blog", name + "/blog"));
                entries.add(new SiteTable.Entry<>(List.of(named), "/shop", name + "/shop"));
            }
        }
        entries.add(new SiteTable.Entry<>(List.of(), "", "default"));
        table = SiteTable.of(entries);
        Random random = new Random(1);
        for (int i = 0; i < ASKED; i++) {
            String name = "customer-" + (10_000 + random.nextInt(hosts)) + ".example.org";
            String asked =
                    switch (host) {
                        case "star" -> "www." + name;
                        case "unknown" -> "x" + name;
                        default -> name;
                    };
            names[i] = asked.toCharArray();
            if ("default".equals(table.find(asked, "/blog/2026/a-post", NO_ENCODED_SLASH)) != host.equals("unknown")) {
                throw new IllegalStateException(asked);
            }
        }
    }

    @Benchmark
    public String find() {
        return table.find(new String(names[next++ & (ASKED - 1)]), "/blog/2026/a-post", NO_ENCODED_SLASH);
    }
}
