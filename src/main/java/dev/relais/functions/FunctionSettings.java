package dev.relais.functions;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What holds for the invocations of one function.
 *
 * @param timeoutMillis how long an invocation may run, in milliseconds; at least 1
 * @param methods the HTTP methods the function takes; null for all
 * @param allow the value of the Allow header that goes with {@code methods}; null when {@code methods} is null
 */
public record FunctionSettings(long timeoutMillis, Set<String> methods, String allow) {
    public FunctionSettings {
        if (timeoutMillis < 1) {
            throw new IllegalArgumentException("timeoutMillis=" + timeoutMillis + ": at least 1");
        }
        if ((methods == null) != (allow == null)) {
            throw new IllegalArgumentException("methods and allow go together: " + methods + ", " + allow);
        }
        if (methods != null) {
            if (methods.isEmpty()) {
                throw new IllegalArgumentException("methods is empty: a function that nothing can call");
            }
            methods = Set.copyOf(methods);
        }
    }

    /**
     * Settings with the Allow header made from the methods, in their order; it names HEAD whenever GET is allowed.
     *
     * @param methods null for all
     */
    public static FunctionSettings of(long timeoutMillis, Collection<String> methods) {
        if (methods == null) {
            return new FunctionSettings(timeoutMillis, null, null);
        }
        List<String> named = new ArrayList<>(new LinkedHashSet<>(methods));
        int get = named.indexOf("GET");
        if (get >= 0 && !named.contains("HEAD")) {
            named.add(get + 1, "HEAD");
        }
        return new FunctionSettings(timeoutMillis, new LinkedHashSet<>(methods), String.join(", ", named));
    }

    /**
     * Whether an invocation by this method is let in. HEAD is wherever GET is (RFC 9110 9.3.2); OPTIONS is not special.
     *
     * @param method as received; methods are case-sensitive (RFC 9110 9.1)
     */
    public boolean allows(String method) {
        return methods == null || methods.contains(method) || ("HEAD".equals(method) && methods.contains("GET"));
    }
}
