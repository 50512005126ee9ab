package dev.relais.dispatch;

import dev.relais.fastcgi.ExchangeListener;
import dev.relais.functions.PhpFunction;
import io.vertx.core.http.HttpServerRequest;

/** Stands between the exchanges of a gateway and their listeners, and may change what these are told. Only dev mode has one. */
public interface ExchangeWatch {
    /**
     * Called on the request's event loop when an exchange begins.
     *
     * @return what is told of the exchange in the listener's place, and tells the listener
     */
    ExchangeListener watching(ExchangeListener listener, HttpServerRequest request, PhpFunction function);
}
