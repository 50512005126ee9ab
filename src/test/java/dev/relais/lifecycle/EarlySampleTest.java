package dev.relais.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EarlySampleTest {
    private final List<Runnable> handedOver = new ArrayList<>();
    private int samples;

    private EarlySample of(int workers) {
        return new EarlySample(
                workers,
                (task, delay) -> {
                    assertEquals(EarlySample.STALL, delay);
                    handedOver.add(task);
                },
                () -> samples++);
    }

    @Test
    void ofOneWorkerNoSampleIsTaken() {
        of(1).ask();
        assertEquals(List.of(), handedOver);
    }

    @Test
    void itIsNotTakenWhereItIsAskedFor() {
        of(2).ask();
        assertEquals(0, samples);
        handedOver.get(0).run();
        assertEquals(1, samples);
    }

    @Test
    void allThatAskMeanwhileShareOne() {
        EarlySample early = of(8);
        for (int worker = 0; worker < 8; worker++) {
            early.ask();
        }
        assertEquals(1, handedOver.size());
    }

    @Test
    void whoAsksWhileItIsTakenGetsAnotherOne() {
        EarlySample[] early = new EarlySample[1];
        early[0] = new EarlySample(2, (task, delay) -> handedOver.add(task), () -> {
            if (++samples == 1) {
                early[0].ask();
            }
        });
        early[0].ask();
        handedOver.get(0).run();
        assertEquals(2, handedOver.size());
        handedOver.get(1).run();
        assertEquals(2, samples);
    }
}
