package dev.relais.tracing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lists that come with a trace, checked before PHP gets them: {@code tracestate} (W3C Trace Context section 3.3) as a whole or not at
 * all, and of {@code baggage} (W3C Baggage section 3) what is well-formed, in order, up to the bounds that it says everybody has to keep.
 */
final class ContextFields {
    static final String STATE = "tracestate";
    static final String BAGGAGE = "baggage";

    private static final int MOST_STATES = 32;
    private static final int MOST_BAGGAGE = 64;
    private static final int MOST_BAGGAGE_BYTES = 8192;
    private static final int LONGEST = 256;

    private ContextFields() {}

    /** @return null when there is none, or it is malformed */
    static @Nullable String state(List<String> values) {
        List<String> members = members(values);
        Set<String> keys = new HashSet<>();
        for (String member : members) {
            int equals = member.indexOf('=');
            if (equals < 1
                    || !isStateKey(member, equals)
                    || !isStateValue(member, equals + 1)
                    || !keys.add(member.substring(0, equals))) {
                return null;
            }
        }
        return members.isEmpty() || members.size() > MOST_STATES ? null : String.join(",", members);
    }

    /** @return null when nothing is left of it */
    static @Nullable String baggage(List<String> values) {
        StringBuilder kept = new StringBuilder();
        int count = 0;
        for (String member : members(values)) {
            String comma = count == 0 ? "" : ",";
            int length = kept.length() + comma.length() + member.length();
            if (count < MOST_BAGGAGE && length <= MOST_BAGGAGE_BYTES && isBaggage(member)) {
                kept.append(comma).append(member);
                count++;
            }
        }
        return count == 0 ? null : kept.toString();
    }

    /** Several fields are one list (RFC 9110 section 5.3); empty members mean nothing. */
    private static List<String> members(List<String> values) {
        List<String> members = new ArrayList<>();
        for (String value : values) {
            int from = 0;
            while (from <= value.length()) {
                int comma = value.indexOf(',', from);
                int to = comma < 0 ? value.length() : comma;
                String member = value.substring(from, to).strip();
                if (!member.isEmpty()) {
                    members.add(member);
                }
                from = to + 1;
            }
        }
        return members;
    }

    private static boolean isStateKey(String member, int end) {
        for (int i = 0; i < end; i++) {
            char c = member.charAt(i);
            boolean first = c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
            if (!first && (i == 0 || "_-*/@".indexOf(c) < 0)) {
                return false;
            }
        }
        return end <= LONGEST;
    }

    private static boolean isStateValue(String member, int from) {
        for (int i = from; i < member.length(); i++) {
            char c = member.charAt(i);
            if (c < ' ' || c > '~' || c == '=') {
                return false;
            }
        }
        return member.length() > from && member.length() - from <= LONGEST;
    }

    private static boolean isBaggage(String member) {
        int equals = member.indexOf('=');
        int end = equals < 0 ? 0 : member.substring(0, equals).stripTrailing().length();
        for (int i = 0; i < end; i++) {
            char c = member.charAt(i);
            if (c <= ' ' || c > '~' || "\"(),/:;<=>?@[\\]{}".indexOf(c) >= 0) {
                return false;
            }
        }
        for (int i = equals + 1; i < member.length(); i++) {
            char c = member.charAt(i);
            if (c != '\t' && (c < ' ' || c > '~' || c == '"' || c == '\\')) {
                return false;
            }
        }
        return end > 0;
    }
}
