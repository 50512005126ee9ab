package dev.relais.gateway;

import dev.relais.MessageLog;
import dev.relais.fastcgi.PhpMessage;
import dev.relais.http.RequestOrigin;
import io.vertx.core.http.HttpServerRequest;

/** Writes what functions log into the gateway's log, each message on one line and with the request that it belongs to. */
final class PhpLog {
    private PhpLog() {}

    static void log(String function, HttpServerRequest request, String message) {
        if (!message.isEmpty()) {
            MessageLog.log(PhpMessage.level(message), function, RequestOrigin.of(function, request), message);
        }
    }
}
