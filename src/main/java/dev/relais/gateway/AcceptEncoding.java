package dev.relais.gateway;

import java.util.List;

/** The Accept-Encoding of a request (RFC 9110 section 12.5.3). */
final class AcceptEncoding {
    private AcceptEncoding() {}

    /**
     * The coding with the highest weight; of equals the first offered.
     *
     * @param fields of the request, in which {@code *} stands for all that are not named
     * @return null when none is accepted
     */
    static ContentCoding best(List<String> fields, List<ContentCoding> offered) {
        ContentCoding best = null;
        int weight = 0;
        for (int i = 0; i < offered.size(); i++) {
            int named = weight(fields, offered.get(i).token());
            int offeredWeight = named < 0 ? weight(fields, "*") : named;
            if (offeredWeight > weight) {
                best = offered.get(i);
                weight = offeredWeight;
            }
        }
        return best;
    }

    /** In thousandths; -1 when it is not named. */
    private static int weight(List<String> fields, String token) {
        for (int f = 0; f < fields.size(); f++) {
            for (String element : fields.get(f).split(",")) {
                int semicolon = element.indexOf(';');
                String name = (semicolon < 0 ? element : element.substring(0, semicolon)).trim();
                if (name.equalsIgnoreCase(token)) {
                    return semicolon < 0
                            ? 1_000
                            : thousandths(element.substring(semicolon + 1).trim());
                }
            }
        }
        return -1;
    }

    /** Of {@code q=0.123}; what cannot be read is no consent. */
    private static int thousandths(String parameter) {
        if (!parameter.matches("[qQ]=(0(\\.\\d{0,3})?|1(\\.0{0,3})?)")) {
            return 0;
        }
        return (int) Math.round(Double.parseDouble(parameter.substring(2)) * 1_000);
    }
}
