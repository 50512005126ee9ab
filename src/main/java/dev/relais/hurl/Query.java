package dev.relais.hurl;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What of an answer is looked at: {@code status}, {@code header "Name"}, {@code body}, {@code jsonpath "$.name"}, or {@code regex /(.*)/}, which
 * is the first group of the first place in the body that matches; behind it perhaps {@code count}.
 */
record Query(Kind kind, String text, boolean counts) {
    /** What there is not. */
    static final Object MISSING = "(missing)".toCharArray();

    /** JSON's null. */
    static final Object NULL = "(null)".toCharArray();

    enum Kind {
        STATUS,
        HEADER,
        BODY,
        JSONPATH,
        REGEX
    }

    static Query parse(Words words) throws SyntaxProblem {
        String name = words.next("a query").text();
        Kind kind =
                switch (name) {
                    case "status" -> Kind.STATUS;
                    case "header" -> Kind.HEADER;
                    case "body" -> Kind.BODY;
                    case "jsonpath" -> Kind.JSONPATH;
                    case "regex" -> Kind.REGEX;
                    default ->
                        throw words.problem(name + ": is not looked at; write status, header, body, jsonpath or regex");
                };
        String text = "";
        if (kind == Kind.HEADER) {
            text = words.text("a name");
        } else if (kind == Kind.REGEX) {
            text = words.pattern().pattern();
        } else if (kind == Kind.JSONPATH) {
            text = words.text("a path");
            try {
                JsonPath.of(text);
            } catch (IllegalArgumentException e) {
                throw words.problem(text + ": " + e.getMessage());
            }
        }
        Words.Word next = words.peek();
        boolean counts = next != null && next.is("count");
        if (counts) {
            words.next("count");
        }
        return new Query(kind, text, counts);
    }

    /** A String, a Number, a Boolean, a JsonObject, a list as JsonArray or List, {@link #NULL} or {@link #MISSING}. */
    Object value(Reply reply) {
        Object value = found(reply);
        if (!counts) {
            return value;
        }
        if (value instanceof JsonArray array) {
            return array.size();
        }
        if (value instanceof JsonObject object) {
            return object.size();
        }
        if (value instanceof List<?> list) {
            return list.size();
        }
        // A single field of a name is no list to the other predicates, but it is one field.
        return kind == Kind.HEADER && value != MISSING ? 1 : MISSING;
    }

    private Object found(Reply reply) {
        return switch (kind) {
            case STATUS -> reply.status();
            case HEADER -> header(reply.headers(text));
            case BODY -> reply.text();
            case JSONPATH -> json(reply);
            case REGEX -> match(reply);
        };
    }

    private static Object header(List<String> values) {
        return values.isEmpty() ? MISSING : values.size() == 1 ? values.get(0) : values;
    }

    private Object json(Reply reply) {
        try {
            Object json = Json.decodeValue(reply.text());
            return JsonPath.of(text).find(json == null ? NULL : json);
        } catch (DecodeException e) {
            return MISSING;
        }
    }

    private Object match(Reply reply) {
        Matcher matcher = Pattern.compile(text).matcher(reply.text());
        if (!matcher.find()) {
            return MISSING;
        }
        String group = matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
        return group == null ? MISSING : group;
    }
}
