package dev.relais.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.xds.data.orca.v3.OrcaLoadReport;
import dev.relais.testing.OrcaReports;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Envoy's own message is what a report is read into. */
class LoadReportTest {
    private static final LoadReport SOME = new LoadReport(new LoadReport.Values(1.25, 0.5, 0.75, 1234.5, 0.0625, 7));

    @ParameterizedTest
    @EnumSource
    void eachFormatIsReadAsTheSameReport(LoadReport.Format format) throws Exception {
        assertEquals(
                OrcaLoadReport.newBuilder()
                        .setApplicationUtilization(1.25)
                        .setCpuUtilization(0.5)
                        .setMemUtilization(0.75)
                        .setRpsFractional(1234.5)
                        .setEps(0.0625)
                        .putNamedMetrics("queue_length", 7)
                        .build(),
                OrcaReports.parse(SOME.value(format)));
    }

    @Test
    void theFieldIsWrittenAsEnvoyReadsIt() {
        assertEquals(
                "TEXT application_utilization=1.25,cpu_utilization=0.5,mem_utilization=0.75,rps_fractional=1234.5,eps=0.0625,"
                        + "named_metrics.queue_length=7",
                SOME.value(LoadReport.Format.TEXT));
        assertEquals(
                "JSON {\"application_utilization\":1.25,\"cpu_utilization\":0.5,\"mem_utilization\":0.75,\"rps_fractional\":1234.5,"
                        + "\"eps\":0.0625,\"named_metrics\":{\"queue_length\":7}}",
                SOME.value(LoadReport.Format.JSON));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotKnownIsLeftOut(LoadReport.Format format) throws Exception {
        assertEquals(
                OrcaLoadReport.newBuilder().putNamedMetrics("queue_length", 0).build(),
                OrcaReports.parse(LoadReport.NONE.value(format)));
    }

    /** No exponent, and a point in every language. */
    @ParameterizedTest
    @CsvSource({"0.00012, 0.00012", "12345678.9, 12345678.9", "0.3333333, 0.333333"})
    void aNumberHasDigitsOnly(double value, String written) {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            String text = new LoadReport(new LoadReport.Values(0.1, 0, 0, value, 0, 0)).value(LoadReport.Format.TEXT);
            assertTrue(text.contains("rps_fractional=" + written + ","), text);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void theLargestNumbersFit() throws Exception {
        double most = 1e15;
        LoadReport report = new LoadReport(new LoadReport.Values(most, most, 1, most, most, Integer.MAX_VALUE));
        assertEquals(
                most, OrcaReports.parse(report.value(LoadReport.Format.BIN)).getEps());
    }

    @ParameterizedTest
    @CsvSource({"text, TEXT", "JSON, JSON", "Bin, BIN", "' json ', JSON"})
    void aFormatIsNamedInAnyCase(String name, LoadReport.Format format) {
        assertEquals(format, LoadReport.Format.of(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "xml", "text,json", "TEXT named_metrics.x=1"})
    void thereIsNoOther(String name) {
        assertNull(LoadReport.Format.of(name));
    }
}
