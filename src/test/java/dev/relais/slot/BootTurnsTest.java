package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BootTurnsTest {
    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final BootTurns turns = new BootTurns(2);
    private final List<Integer> begun = new ArrayList<>();

    private void take(int number) {
        turns.take(loop.eventLoop(), () -> begun.add(number));
        loop.runPendingTasks();
    }

    private void give() {
        turns.give();
        loop.runPendingTasks();
    }

    @Test
    void thoseBeyondTheMostWaitInTheirOrder() {
        for (int number = 1; number <= 4; number++) {
            take(number);
        }
        assertEquals(List.of(1, 2), begun);
        give();
        assertEquals(List.of(1, 2, 3), begun);
        give();
        give();
        give();
        assertEquals(List.of(1, 2, 3, 4), begun);
        for (int number = 5; number <= 7; number++) {
            take(number);
        }
        assertEquals(List.of(1, 2, 3, 4, 5, 6), begun, "no turn was lost, and none was made");
    }
}
