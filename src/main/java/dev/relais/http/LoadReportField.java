package dev.relais.http;

import dev.relais.LogText;
import dev.relais.telemetry.LoadReport;
import dev.relais.telemetry.Loads;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells a load balancer how loaded this gateway is, in the field {@code endpoint-load-metrics} of each answer that it asks for it by
 * {@code endpoint-load-metrics-format}, or of all answers to it. Only the peers in {@code relais.http.trusted-proxies} are told, by the
 * address of their socket: anyone else could find out when an attack begins to work. A report of the function's own is replaced.
 */
@Singleton
final class LoadReportField implements AnswerDecoration {
    private static final Logger LOG = Logger.getLogger(LoadReportField.class);
    private static final AttributeKey<Boolean> TRUSTED = AttributeKey.valueOf("relais.load-report");
    private static final int LONGEST = 8;
    private static final String ASKED = "endpoint-load-metrics-format";
    private static final String FIELD = "endpoint-load-metrics";

    private final TrustedProxies proxies;
    private final LoadReport.@Nullable Format always; // null: only for who asks
    private final Supplier<LoadReport> report;

    @Inject
    LoadReportField(GatewayConfig config, Loads loads) {
        this(config, loads::report);
    }

    LoadReportField(GatewayConfig config, Supplier<LoadReport> report) {
        this.proxies = new TrustedProxies(config.trustedProxies().orElse(List.of()));
        this.always = config.loadReport().orElse(null);
        this.report = report;
        if (always != null && proxies.isEmpty()) {
            LOG.warnf(
                    "No load is reported, for relais.http.trusted-proxies names no load balancer: relais.http.load-report=%s",
                    LogText.value(always, LONGEST));
        }
    }

    @Override
    public void decorate(@Nullable HttpServerRequest request, AnswerHead head, MultiMap fields) {
        if (request == null || proxies.isEmpty()) {
            return;
        }
        String asked = request.headers().get(ASKED);
        LoadReport.Format format = asked == null ? null : LoadReport.Format.of(asked);
        format = format == null ? always : format;
        if (format != null && isTrusted(request)) {
            fields.set(FIELD, report.get().value(format));
        }
    }

    /** Found out once for each connection. */
    private boolean isTrusted(HttpServerRequest request) {
        Attribute<Boolean> kept = VertxConnection.attribute(request, TRUSTED);
        Boolean trusted = kept.get();
        if (trusted == null) {
            @Nullable SocketAddress peer = VertxConnection.remoteAddress(request, true); // null when it is gone
            byte[] address = ClientAddress.bytes(peer == null ? null : peer.hostAddress());
            trusted = address != null && proxies.contain(address);
            kept.set(trusted);
        }
        return trusted;
    }
}
