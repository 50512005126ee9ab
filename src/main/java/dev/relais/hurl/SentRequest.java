package dev.relais.hurl;

import java.util.List;

/**
 * A request as it is sent.
 *
 * @param target an absolute URL
 * @param headers with values without variables
 * @param body empty for none
 */
record SentRequest(String method, String target, List<Field> headers, byte[] body) {}
