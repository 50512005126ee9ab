package dev.relais.hurl;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request and what is expected of its answer.
 *
 * @param line of the file, counted from 1
 * @param name what the comment above says; without one the method and the target
 * @param target with {@code {{variables}}}
 * @param query parameters that follow those of the target
 * @param form parameters that are the body; empty when there is another one, or none
 * @param parts those of a body multipart/form-data; empty when there is another one, or none. A value {@code file,name; type} is a file
 * @param body null for none
 * @param expected null when nothing is expected but an answer
 */
record Entry(
        int line,
        String name,
        String method,
        String target,
        List<Field> headers,
        List<Field> query,
        List<Field> form,
        List<Field> parts,
        @Nullable Body body,
        @Nullable Expected expected) {}
