package dev.relais.telemetry;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How loaded this gateway was lately, as a load balancer reads it: a report of the Open Request Cost Aggregation standard
 * (xds.data.orca.v3.OrcaLoadReport). Envoy's client-side weighted round robin sends to each gateway in proportion to
 * {@code rps} over {@code application}. The three texts are made once for each report and not for each answer. Immutable.
 *
 * <p>A value that is not known is left out, as is one that is 0, which Protocol Buffers do not tell apart.
 */
public final class LoadReport {
    /** The ways in which {@code endpoint-load-metrics} may be written; {@link #value} gives what stands in the field. */
    public enum Format {
        TEXT,
        JSON,
        BIN;

        /** The format of a name in any case; null when there is none of this name. */
        public static @Nullable Format of(String name) {
            return switch (name.strip().toLowerCase(Locale.ROOT)) {
                case "text" -> TEXT;
                case "json" -> JSON;
                case "bin" -> BIN;
                default -> null;
            };
        }
    }

    /** The report of a gateway that has measured nothing yet. */
    static final LoadReport NONE = new LoadReport(new Values(0, -1, -1, 0, 0, 0));

    /** The number of the field {@code named_metrics} and of those of its entries, with their wire types: see {@link #binary}. */
    private static final int NAMED_METRICS = 8 << 3 | 2;

    private static final String QUEUE = "queue_length";
    private static final int DIGITS = 6;

    /**
     * The numbers of a report.
     *
     * @param application the part of the time for which the children have run something, with those that are not ready; above 1 when
     *     invocations wait for a child
     * @param cpu what is used of the processors, 0 to 1; -1 when it is not known
     * @param memory what is used of the memory, 0 to 1; -1 when it is not known
     * @param rps invocations that end in a second
     * @param eps of these, those that are answered with a 5xx
     * @param queue invocations that wait for a child
     */
    public record Values(double application, double cpu, double memory, double rps, double eps, double queue) {}

    private final Values values;
    private final String text;
    private final String json;
    private final String bin;

    LoadReport(Values values) {
        this.values = values;
        StringBuilder asText = new StringBuilder("TEXT ");
        StringBuilder asJson = new StringBuilder("JSON {");
        ByteBuffer bytes = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
        add(9, "application_utilization", values.application(), asText, asJson, bytes);
        add(1, "cpu_utilization", values.cpu(), asText, asJson, bytes);
        add(2, "mem_utilization", values.memory(), asText, asJson, bytes);
        add(6, "rps_fractional", values.rps(), asText, asJson, bytes);
        add(7, "eps", values.eps(), asText, asJson, bytes);
        String queue = decimal(values.queue());
        asText.append("named_metrics.").append(QUEUE).append('=').append(queue);
        asJson.append("\"named_metrics\":{\"")
                .append(QUEUE)
                .append("\":")
                .append(queue)
                .append("}}");
        addNamed(QUEUE, values.queue(), bytes);
        this.text = asText.toString();
        this.json = asJson.toString();
        this.bin = "BIN " + binary(bytes);
    }

    public Values values() {
        return values;
    }

    /** The value of the field {@code endpoint-load-metrics}. */
    public String value(Format format) {
        return switch (format) {
            case TEXT -> text;
            case JSON -> json;
            case BIN -> bin;
        };
    }

    /** @param number of the field in the message, whose type is double: the wire type 1, eight bytes in little-endian order */
    private static void add(
            int number, String name, double value, StringBuilder text, StringBuilder json, ByteBuffer bytes) {
        String decimal = decimal(value);
        if (value <= 0 || decimal.equals("0")) {
            return;
        }
        text.append(name).append('=').append(decimal).append(',');
        json.append('"').append(name).append("\":").append(decimal).append(',');
        bytes.put((byte) (number << 3 | 1)).putDouble(Double.parseDouble(decimal));
    }

    /** An entry of a map, which is a message of its own: the key is its field 1, the value its field 2. */
    private static void addNamed(String name, double value, ByteBuffer bytes) {
        byte[] key = name.getBytes(StandardCharsets.US_ASCII);
        bytes.put((byte) NAMED_METRICS)
                .put((byte) (2 + key.length + 1 + Double.BYTES))
                .put((byte) (1 << 3 | 2))
                .put((byte) key.length)
                .put(key)
                .put((byte) (2 << 3 | 1))
                .putDouble(Double.parseDouble(decimal(value)));
    }

    /** Envoy decodes Base64 with padding. */
    private static String binary(ByteBuffer bytes) {
        byte[] message = new byte[bytes.position()];
        bytes.flip().get(message);
        return Base64.getEncoder().encodeToString(message);
    }

    /** Without an exponent, whatever the language of the system. */
    private static String decimal(double value) {
        BigDecimal rounded = BigDecimal.valueOf(value).setScale(DIGITS, RoundingMode.HALF_UP);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }
}
