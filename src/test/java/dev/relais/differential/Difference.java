package dev.relais.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * One fact that differs.
 *
 * @param fact its name, such as {@code $_SERVER[HTTP_HOST]} or {@code header server}
 * @param behindNginx all facts there
 * @param behindRelais all facts here
 */
record Difference(Request request, String fact, Map<String, String> behindNginx, Map<String, String> behindRelais) {
    static List<Difference> between(Request request, Map<String, String> nginx, Map<String, String> relais) {
        List<Difference> differences = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(nginx.keySet());
        names.addAll(relais.keySet());
        for (String name : names) {
            String one = nginx.get(name);
            if (one == null || !one.equals(relais.get(name))) {
                differences.add(new Difference(request, name, nginx, relais));
            }
        }
        return differences;
    }

    /** Whether it is one of these facts. */
    boolean isOf(String... facts) {
        return List.of(facts).contains(fact);
    }

    /** Whether it is the variable or the header that PHP makes of a request header. */
    boolean isOfField(String name) {
        return isOf("$_SERVER[HTTP_" + name.toUpperCase().replace('-', '_') + "]", "getallheaders()[" + name + "]");
    }

    /** The value behind nginx; empty when there is none. */
    String nginx() {
        return behindNginx.getOrDefault(fact, "");
    }

    /** The value behind Relais; empty when there is none. */
    String relais() {
        return behindRelais.getOrDefault(fact, "");
    }

    boolean isBetween(String nginx, String relais) {
        return nginx().equals(nginx) && relais().equals(relais);
    }

    boolean isBetweenStatus(int nginx, int relais) {
        return String.valueOf(nginx).equals(behindNginx.get("status"))
                && String.valueOf(relais).equals(behindRelais.get("status"));
    }

    @Override
    public String toString() {
        return request.name() + ": " + fact + ": nginx " + behindNginx.get(fact) + ", Relais " + behindRelais.get(fact);
    }
}
