package dev.relais.tracing;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Who makes spans: what all of them have in common. Immutable.
 *
 * @param resource the service, by OpenTelemetry's semantic conventions
 * @param scope the part of it, which is Relais
 */
record SpanSource(Resource resource, InstrumentationScopeInfo scope) {
    static SpanSource of(String service, String version) {
        Attributes attributes = Attributes.builder()
                .put("service.name", service)
                .put("service.version", version)
                .put("service.instance.id", TraceIds.trace())
                .put("host.name", host())
                .build();
        return new SpanSource(
                Resource.getDefault().merge(Resource.create(attributes)),
                InstrumentationScopeInfo.builder("dev.relais")
                        .setVersion(version)
                        .build());
    }

    /** The name of this host, without asking anybody for it. */
    private static String host() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
