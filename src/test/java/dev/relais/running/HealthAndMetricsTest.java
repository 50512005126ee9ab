package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.admission.WaitingRoom;
import dev.relais.testing.Answer;
import dev.relais.testing.Client;
import dev.relais.testing.Protocol;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(RunningProfile.class)
class HealthAndMetricsTest extends RunningGateway {
    @ParameterizedTest
    @ValueSource(strings = {"live", "ready", "started"})
    void eachProbeIsUpOnTheManagementPortOnly(String probe) throws IOException {
        Answer answer = manage("/q/health/" + probe);

        assertEquals(200, answer.status(), answer::text);
        assertTrue(answer.text().contains("\"status\": \"UP\""), answer.text());
        assertTrue(answer.text().contains("relais"), "a check of ours");
        assertEquals(404, get("/q/health/" + probe).status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "relais_invocations_seconds_count{function=\"hello\",status=\"200\"}",
                "relais_invocations_seconds_bucket{function=\"hello\",status=\"200\",le=\"0.005\"}",
                "relais_queue_length",
                "relais_queue_capacity",
                "relais_concurrency_limit",
                "relais_queue_wait_seconds_count",
                "relais_refusals_total{reason=\"queue_full\"}",
                "relais_refusals_total{reason=\"wait_over\"}",
                "relais_worker_children{worker=\"0\"}",
                "relais_worker_children_busy{worker=\"1\"}",
                "relais_worker_score{worker=\"0\"}",
                "relais_worker_allowance{worker=\"0\"}",
                "relais_worker_restarts_total{worker=\"0\"}",
                "relais_fastcgi_bytes_total{direction=\"in\",worker=\"0\"}",
                "relais_fastcgi_bytes_total{direction=\"out\",worker=\"1\"}",
                "relais_fastcgi_errors_total{worker=\"0\"}",
                "relais_functions",
                "relais_functions_poisoned",
                "relais_registry_reloads_total{result=\"success\"}",
                "relais_registry_reloads_total{result=\"failure\"}"
            })
    void theMetricIsThere(String name) throws IOException {
        get("/api/hello");

        assertTrue(manage("/q/metrics").text().lines().anyMatch(line -> line.startsWith(name + " ")), name);
    }

    @Test
    void theValuesAreThoseOfTheGateway() throws IOException {
        assertEquals(2, metric("relais_worker_children{worker=\"0\"}"));
        assertEquals(
                (int) (metric("relais_memory_capacity{kind=\"heads\"}") / WaitingRoom.LEAST_BYTES),
                metric("relais_queue_capacity"),
                "no number is set, so the memory is the bound");
        double before = metric("relais_invocations_seconds_count{function=\"hello\",status=\"200\"}");
        get("/api/hello");
        await().until(() ->
                metric("relais_invocations_seconds_count{function=\"hello\",status=\"200\"}") == before + 1);
    }

    /** This holds for HTTP/2 too, where a stream closes with the end of its answer. */
    @ParameterizedTest
    @EnumSource
    void anAnswerThatItsClientHasTakenCountsByItsStatus(Protocol protocol) throws IOException {
        double gone = counted(499);
        double found = counted(200);
        double missed = counted(404);
        try (Client client = connect(protocol)) {
            client.get("/api/hello").answer();
            client.get("/api/large?megabytes=2").answer();
            client.get("/api/site/style.css").answer();
            client.get("/api/none").answer();
        }
        await().untilAsserted(() -> {
            assertEquals(found + 3, counted(200), () -> "answered: " + invocations());
            assertEquals(missed + 1, counted(404), () -> "not found: " + invocations());
        });
        assertEquals(gone, counted(499));
    }

    /** The message of a failed test. */
    private String invocations() {
        try {
            return manage("/q/metrics")
                    .text()
                    .lines()
                    .filter(line -> line.startsWith("relais_invocations_seconds_count{"))
                    .toList()
                    .toString();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private double counted(int status) throws IOException {
        return manage("/q/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith("relais_invocations_seconds_count{")
                        && line.contains("status=\"" + status + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void noLabelHoldsAUrl() throws IOException {
        get("/api/secret-one?x=secret-two");
        get("/api/hello/secret-three");
        ask("SECRETFOUR /api/hello HTTP/1.1", "Host: localhost");
        String text = manage("/q/metrics").text();

        assertTrue(metric("relais_invocations_seconds_count{function=\"(none)\",status=\"404\"}") > 0);
        assertFalse(Pattern.compile("secret", Pattern.CASE_INSENSITIVE)
                .matcher(text)
                .find());
    }

    /** The ranking changes by the clock, since nothing else samples the workers here. */
    @Test
    void aWorkerWhoseExchangesFailIsScoredWorseForAWhile() throws IOException {
        for (int i = 0; i < 64; i++) { // what always fails says nothing of a worker
            assertEquals(200, get("/api/end?how=well").status());
        }
        // Until it shows: what other tests have done in the same interval counts as well.
        await().until(() -> {
            get("/api/end?how=kill");
            return worstScore() > 1.2;
        });
        double then = worstScore();
        await().until(() -> get("/api/hello").status() == 200 && worstScore() < then);
    }

    private double worstScore() throws IOException {
        return Math.max(metric("relais_worker_score{worker=\"0\"}"), metric("relais_worker_score{worker=\"1\"}"));
    }

    /** The value of a meter; 0 when it does not exist. */
    private double metric(String name) throws IOException {
        return manage("/q/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(0);
    }
}
