package dev.relais.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The Accept-Encoding of a request (RFC 9110 section 12.5.3). */
public final class AcceptEncoding {
    private static final int NOT_NAMED = -1;

    /** What has the name of a coding. */
    interface Token {
        String token();
    }

    private AcceptEncoding() {}

    /**
     * Chooses the coding with the highest weight; among codings of equal weight, the one that is offered first.
     *
     * @param fields of the request, in which {@code *} stands for all that are not named
     * @return null when none is accepted
     */
    static @Nullable ContentCoding best(List<String> fields, List<ContentCoding> offered) {
        int[] weights = weights(fields, offered);
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

    /**
     * Those of some codings that a request takes, in their order.
     *
     * @param fields of the request
     * @param tokens the names of codings
     */
    public static List<String> taken(List<String> fields, List<String> tokens) {
        List<Token> offered = new ArrayList<>(tokens.size());
        for (String token : tokens) {
            offered.add(() -> token);
        }
        int[] weights = weights(fields, offered);
        List<String> taken = new ArrayList<>(tokens.size());
        for (int i = 0; i < tokens.size(); i++) {
            if ((weights[i] == NOT_NAMED ? weights[tokens.size()] : weights[i]) > 0) {
                taken.add(tokens.get(i));
            }
        }
        return taken;
    }

    private static int[] weights(List<String> fields, List<? extends Token> offered) {
        int[] weights = new int[offered.size() + 1]; // the last one is of *
        Arrays.fill(weights, NOT_NAMED);
        for (int f = 0; f < fields.size(); f++) {
            read(fields.get(f), offered, weights);
        }
        return weights;
    }

    /** Reads the weights out of one field in one pass. A coding that is named twice keeps its first weight. */
    private static void read(String list, List<? extends Token> offered, int[] weights) {
        for (int from = 0, end; from <= list.length(); from = end + 1) {
            int comma = list.indexOf(',', from);
            end = comma < 0 ? list.length() : comma;
            int start = skipBlanks(list, from, end);
            int stop = start;
            while (stop < end && list.charAt(stop) > ' ' && list.charAt(stop) != ';') {
                stop++;
            }
            int index = index(list, start, stop, offered);
            if (index >= 0 && weights[index] == NOT_NAMED) {
                weights[index] = weight(list, stop, end);
            }
        }
    }

    private static int index(String list, int start, int stop, List<? extends Token> offered) {
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

    /**
     * The weight, in thousandths, that {@code ;q=0.123} between these places gives; 1,000 when there is none. A weight that
     * cannot be parsed counts as 0.
     */
    private static int weight(String list, int from, int to) {
        int at = skipBlanks(list, from, to);
        if (at == to) {
            return 1_000;
        }
        if (list.charAt(at) != ';') {
            return 0;
        }
        at = skipBlanks(list, at + 1, to);
        int end = to;
        while (end > at && list.charAt(end - 1) <= ' ') {
            end--;
        }
        boolean named = end - at >= 3 && (list.charAt(at) | ' ') == 'q' && list.charAt(at + 1) == '=';
        return named ? thousandths(list, at + 2, end) : 0;
    }

    private static int skipBlanks(String list, int from, int to) {
        int at = from;
        while (at < to && list.charAt(at) <= ' ') {
            at++;
        }
        return at;
    }

    /** Thousandths of a number from 0 to 1 with at most three decimals (RFC 9110 section 12.4.2); 0 for any other text. */
    private static int thousandths(String list, int from, int end) {
        int whole = list.charAt(from) - '0';
        boolean point = end - from > 1;
        if (whole < 0 || whole > 1 || end - from > 5 || point && list.charAt(from + 1) != '.') {
            return 0;
        }
        int value = whole * 1_000;
        for (int at = from + 2, worth = 100; at < end; at++, worth /= 10) {
            int digit = list.charAt(at) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            value += digit * worth;
        }
        return value <= 1_000 ? value : 0;
    }
}
