package dev.relais.tracing;

import dev.relais.ConfigurationProblem;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads where spans are sent to, and with which fields. */
final class OtlpAddress {
    private OtlpAddress() {}

    /** @throws ConfigurationProblem when it is no address that spans can be sent to */
    static URI of(String endpoint) {
        URI address;
        try {
            address = URI.create(endpoint);
        } catch (IllegalArgumentException e) {
            throw problem(endpoint);
        }
        boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
        boolean plain = address.getRawUserInfo() == null && address.getRawQuery() == null;
        if (!http || address.getHost() == null || !plain || address.getRawFragment() != null) {
            throw problem(endpoint);
        }
        return address;
    }

    private static ConfigurationProblem problem(String endpoint) {
        // It may have a password before the host, or a token behind the path, which are not to be shown.
        String shown = endpoint.replaceFirst("(?s)//.*@", "//...@").replaceFirst("(?s)[?#].*", "?...");
        return new ConfigurationProblem(
                TracingConfig.PREFIX + "endpoint",
                shown,
                "is no address of a receiver",
                "set one such as http://collector:4318, without user, query and fragment");
    }

    /** @throws ConfigurationProblem when these are no fields; it does not show them, since they may be secrets */
    static Map<String, String> fields(String list) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String part : list.split(",")) {
            int equals = part.indexOf('=');
            String name = part.substring(0, Math.max(0, equals)).strip();
            String value = part.substring(equals + 1).strip();
            if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+") || !value.matches("[ -~]*")) {
                throw new ConfigurationProblem(
                        TracingConfig.PREFIX + "headers",
                        "...",
                        "has a part that is no field",
                        "set name=value, several separated by commas");
            }
            fields.put(name, value);
        }
        return fields;
    }
}
