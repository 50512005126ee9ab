package dev.relais.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs and ticks are the test's; no clock runs. */
class ServiceTimeTest {
    private static final long SECOND = 1_000_000_000;

    /**
     * Each column is one interval: so many runs of so long, parts joined by "+"; "/" ends the interval by a tick.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            nothing is known before a run has ended             |                                      | 0
            one run is all that is known                        | 1 x 5000                             | 5000
            of the first runs the shortest counts               | 16 x 90000 + 1 x 800 + 16 x 70000    | 800
            a few runs end no interval                          | 31 x 700 /                           | 700
            of the first interval as well                       | 20 x 400 + 20 x 800 /                | 400
            a later interval tells its mean                     | 40 x 900 / 20 x 400 + 20 x 800 /     | 600
            a few slower runs after it say nothing              | 40 x 600 / 31 x 900000               | 600
            a pause among many runs says next to nothing        | 40 x 9000 / 20000 x 800 + 16 x 400000 / | 1119
            intervals of a busy event loop do not decide        | 40 x 800 / 40 x 300000 / 40 x 300000 | 800
            who has become slower is not so at once             | 40 x 800 / 40 x 9000 / 40 x 9000 / 40 x 9000 / 40 x 9000 / 40 x 9000 / 40 x 9000 / 40 x 9000 / 40 x 9000 / 40 x 9000 / | 800
            who has become slower is so after ten intervals     | 40 x 800 / 40 x 9000 / 40 x 9000 / 40 x 9000 / 40 x 9000 / 40 x 9000 / 40 x 9000 / 40 x 9000 / 40 x 9000 / 40 x 9000 / 40 x 9000 / | 9000
            who has become faster is so after 32 runs           | 40 x 9000 / 32 x 100                 | 100
            and not after 31                                    | 40 x 9000 / 31 x 100                 | 9000
            intervals without runs change nothing               | 40 x 600 / / / / / / / / / / / / /   | 600
            """)
    void tells(String what, String history, double nanos) {
        ServiceTime time = new ServiceTime();
        for (String word : history == null ? new String[0] : history.split(" (?=[/+])|(?<=[/+]) ")) {
            String[] runs = word.split(" x ");
            if (word.equals("/")) {
                time.tick();
            } else if (!word.equals("+")) {
                for (int i = 0; i < Integer.parseInt(runs[0]); i++) {
                    time.observe(Long.parseLong(runs[1]));
                }
            }
        }
        assertEquals(nanos, time.nanos(10 * SECOND), 1);
    }

    @Test
    void whoCanWaitForFewIntervalsIsToldByFew() {
        ServiceTime time = new ServiceTime();
        for (int tick = 0; tick < 4; tick++) {
            for (int i = 0; i < 40; i++) {
                time.observe(1_000 * (tick + 1));
            }
            time.tick();
        }
        assertEquals(4_000, time.nanos(SECOND), 1);
        assertEquals(3_000, time.nanos(2 * SECOND), 1);
        assertEquals(1_000, time.nanos(4 * SECOND), 1);
        assertEquals(1_000, time.nanos(1_000 * SECOND), 1);
    }
}
