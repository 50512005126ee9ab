package dev.relais.testing;

import com.github.xds.data.orca.v3.OrcaLoadReport;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads the field {@code endpoint-load-metrics} into the message that Envoy reads it into, by the rules of Envoy's own parser
 * (source/common/orca/orca_parser.cc of Envoy 1.33): the format in capitals and a blank; then Base64 of the message, its JSON without
 * unknown fields, or {@code name=value} parted by commas, each name once and known, each value a finite number.
 */
public final class OrcaReports {
    private static final String NAMED = "named_metrics.";

    private OrcaReports() {}

    public static OrcaLoadReport parse(String field) throws InvalidProtocolBufferException {
        if (field.startsWith("BIN ")) {
            return OrcaLoadReport.parseFrom(Base64.getDecoder().decode(field.substring(4)));
        }
        OrcaLoadReport.Builder report = OrcaLoadReport.newBuilder();
        if (field.startsWith("JSON ")) {
            JsonFormat.parser().merge(field.substring(5), report);
        } else if (field.startsWith("TEXT ")) {
            Set<String> names = new HashSet<>();
            for (String pair : field.substring(5).split(",")) {
                String[] parts = pair.strip().split("=", 2);
                if (!names.add(parts[0])) {
                    throw new IllegalArgumentException("twice: " + parts[0]);
                }
                add(report, parts[0], Double.parseDouble(parts[1]));
            }
        } else {
            throw new IllegalArgumentException("unsupported format: " + field);
        }
        return report.build();
    }

    private static void add(OrcaLoadReport.Builder report, String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " is " + value);
        }
        if (name.startsWith(NAMED)) {
            report.putNamedMetrics(name.substring(NAMED.length()), value);
            return;
        }
        FieldDescriptor known = OrcaLoadReport.getDescriptor().findFieldByName(name);
        if (known == null || known.getJavaType() != FieldDescriptor.JavaType.DOUBLE || known.isRepeated()) {
            throw new IllegalArgumentException("unsupported metric name: " + name);
        }
        report.setField(known, value);
    }
}
