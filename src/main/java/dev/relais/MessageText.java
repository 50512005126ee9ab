package dev.relais;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/** Prepares a message of PHP for one line, so that nothing of it is lost and a message that is JSON stays JSON. */
final class MessageText {
    /** It keeps no names of members: in an executable they would stay for good. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private MessageText() {}

    /**
     * The message without blanks at its end, to be escaped by {@link LogText#escape(String)}. Between the values of JSON an escaped line break
     * would be a mistake, so there each line break and tab becomes a blank, which means the same.
     */
    static String withoutBreaks(String message) {
        String text = message.stripTrailing();
        return isBrokenJson(text) ? text.replace('\n', ' ').replace('\r', ' ').replace('\t', ' ') : text;
    }

    /** Whether it is JSON on more than one line. Inside of JSON's own texts there is no line break, so all are between the values. */
    private static boolean isBrokenJson(String text) {
        return (isWithin(text, '{', '}') || isWithin(text, '[', ']'))
                && (text.indexOf('\n') >= 0 || text.indexOf('\t') >= 0 || text.indexOf('\r') >= 0)
                && isJson(text);
    }

    private static boolean isWithin(String text, char first, char last) {
        return text.length() > 1 && text.charAt(0) == first && text.charAt(text.length() - 1) == last;
    }

    private static boolean isJson(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            while (parser.nextToken() != null) {
                // a mistake throws
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
