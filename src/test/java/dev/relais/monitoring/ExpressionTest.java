package dev.relais.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.relais.monitoring.Expression.Matches;
import dev.relais.monitoring.Expression.Selector;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExpressionTest {
    @Test
    void selectorsAreFoundAmongFunctionsAndOperators() {
        Expression found = Expression.parse(
                "histogram_quantile(0.99, sum by (le, function) (rate(a_bucket{job=~\"$job\",le=\"0.5\"}[5m])))\n"
                        + "> 2e3 * scalar(b:c:5m) and on (job) d unless sum without(worker)(e) or avg(f{}) offset 1h");
        assertEquals(
                List.of(
                        new Selector("a_bucket", List.of(new Matches("job", "$job"), new Matches("le", "0.5"))),
                        new Selector("b:c:5m", List.of()),
                        new Selector("d", List.of()),
                        new Selector("e", List.of()),
                        new Selector("f", List.of())),
                found.selectors());
        assertEquals(Set.of("function", "job", "le", "worker"), found.grouping());
    }

    @Test
    void aMetricMayBeginLikeAWordOfTheLanguage() {
        assertEquals(
                List.of("by_age", "android", "on_time"),
                Expression.parse("by_age or android and on_time").selectors().stream()
                        .map(Selector::metric)
                        .toList());
    }

    @Test
    void whatIsNotUnderstoodIsNoExpression() {
        assertThrows(IllegalArgumentException.class, () -> Expression.parse("up @ 1"));
        assertThrows(IllegalArgumentException.class, () -> Expression.parse("up{job=relais}"));
    }
}
