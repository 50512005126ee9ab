package dev.relais.dev;

import dev.relais.dispatch.ExchangeWatch;
import dev.relais.fastcgi.ExchangeListener;
import dev.relais.functions.PhpFunction;
import dev.relais.http.RequestId;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/** Watches the exchanges of a gateway in dev mode. On the requests' event loops, which it blocks to read the source of an error. */
@Singleton
public final class DevExchanges implements ExchangeWatch {
    private final DevConfig config;
    private final LongSupplier clock = System::nanoTime;

    DevExchanges(DevConfig config) {
        this.config = config;
    }

    @Override
    public ExchangeListener watching(ExchangeListener listener, HttpServerRequest request, PhpFunction function) {
        boolean hasBody = request.method() != HttpMethod.HEAD;
        return new WatchedExchange(
                listener,
                new RequestLines(request.method().name() + " " + request.uri(), clock.getAsLong()),
                config.liveReload() && hasBody ? LiveReload.SCRIPT : "",
                (error, messages) -> answer(error, messages, request, function),
                clock);
    }

    private ErrorAnswer answer(PhpError error, List<String> messages, HttpServerRequest request, PhpFunction function) {
        String accept = request.headers().get("Accept");
        ErrorAnswer.Asked asked = new ErrorAnswer.Asked(
                request.method().name(),
                request.uri(),
                function.name(),
                RequestId.of(request),
                List.<Map.Entry<String, String>>copyOf(request.headers().entries()),
                isBrowsers(accept == null ? "" : accept));
        SourceExcerpt excerpt = SourceExcerpt.of(error.file(), error.line(), config.sourceLines());
        return ErrorAnswer.of(error, asked, messages, excerpt, config.liveReload() ? LiveReload.SCRIPT : "");
    }

    /** Whether who sends this Accept field shows HTML, which clients of APIs name only among everything. */
    static boolean isBrowsers(String accept) {
        return accept.toLowerCase(Locale.ROOT).contains("text/html");
    }
}
