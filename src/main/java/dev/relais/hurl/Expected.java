package dev.relais.hurl;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is expected of an answer.
 *
 * @param line of the file, counted from 1
 * @param status -1 for any
 * @param headers each of which the answer has with this very value
 * @param captures what becomes a variable for the entries behind this one, by the name of the variable
 * @param body null for any
 */
record Expected(
        int line,
        int status,
        List<Field> headers,
        Map<String, Query> captures,
        List<Assertion> assertions,
        @Nullable Body body) {}
