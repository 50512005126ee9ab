package dev.relais.http;

import java.util.Arrays;
import java.util.List;

/** The Accept-Encoding of a request (RFC 9110 section 12.5.3). */
final class AcceptEncoding {
    private static final int NOT_NAMED = -1;

    private AcceptEncoding() {}

    /**
     * The coding with the highest weight; of equals the first offered.
     *
     * @param fields of the request, in which {@code *} stands for all that are not named
     * @return null when none is accepted
     */
    static ContentCoding best(List<String> fields, List<ContentCoding> offered) {
        int[] weights = new int[offered.size() + 1]; // the last one is of *
        Arrays.fill(weights, NOT_NAMED);
        for (int f = 0; f < fields.size(); f++) {
            read(fields.get(f), offered, weights);
        }
        ContentCoding best = null;
        int weight = 0;
        for (int i = 0; i < offered.size(); i++) {
            int own = weights[i] == NOT_NAMED ? weights[offered.size()] : weights[i];
            if (own > weight) {
                best = offered.get(i);
                weight = own;
            }
        }
        return best;
    }

    /** Goes through a list once. What is named twice has the weight that stands first. */
    private static void read(String list, List<ContentCoding> offered, int[] weights) {
        for (int from = 0, end; from <= list.length(); from = end + 1) {
            int comma = list.indexOf(',', from);
            end = comma < 0 ? list.length() : comma;
            int start = from;
            while (start < end && list.charAt(start) <= ' ') {
                start++;
            }
            int stop = start;
            while (stop < end && list.charAt(stop) > ' ' && list.charAt(stop) != ';') {
                stop++;
            }
            int index = index(list, start, stop, offered);
            if (index >= 0 && weights[index] == NOT_NAMED) {
                weights[index] = weight(list.substring(stop, end).trim());
            }
        }
    }

    private static int index(String list, int start, int stop, List<ContentCoding> offered) {
        if (stop - start == 1 && list.charAt(start) == '*') {
            return offered.size();
        }
        for (int i = 0; i < offered.size(); i++) {
            String token = offered.get(i).token();
            if (token.length() == stop - start && list.regionMatches(true, start, token, 0, token.length())) {
                return i;
            }
        }
        return -1;
    }

    /** @param parameters what follows the name; in thousandths */
    private static int weight(String parameters) {
        if (parameters.isEmpty()) {
            return 1_000;
        }
        return parameters.charAt(0) == ';' ? thousandths(parameters.substring(1).trim()) : 0;
    }

    /** Of {@code q=0.123}; what cannot be read is no consent. */
    private static int thousandths(String parameter) {
        if (!parameter.matches("[qQ]=(0(\\.\\d{0,3})?|1(\\.0{0,3})?)")) {
            return 0;
        }
        return (int) Math.round(Double.parseDouble(parameter.substring(2)) * 1_000);
    }
}
