package dev.relais.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.console.Bottleneck.Kind;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What the console says first, by a table: what is seen, which bottleneck that is, and what its sentence and its remedy name. */
class BottleneckTest {
    private static final Signs.Children ALL = new Signs.Children(16, 16, 0, "", 0);
    private static final Bottleneck HELD =
            new Bottleneck(Kind.SLOW_WORKER, "Worker 1 is held, because it is slower.", "Look at it.");
    private static final Bottleneck SWITCH =
            new Bottleneck(Kind.CODE, "The code is not what is served: x.", "Mend it.");

    private record Row(String seen, Signs signs, Kind kind, String sentence, String remedy) {}

    /** busy, cpu, waiting, wait in ms, refused in a second. */
    private static Signs.Load load(double busy, double cpu, int waiting, double wait, double refused) {
        return new Signs.Load(busy, cpu, 0.5, waiting, 100, wait, refused);
    }

    private static Signs signs(Signs.Load load, Signs.Children children, Bottleneck... troubles) {
        return new Signs(false, load, children, null, null, List.of(troubles));
    }

    private static Signs with(Signs.Load load, Signs.Busiest busiest, Signs.Limited limited, Bottleneck... troubles) {
        return new Signs(false, load, ALL, busiest, limited, List.of(troubles));
    }

    private static final List<Row> ROWS = List.of(
            new Row("nothing goes on", signs(load(0, 0.02, 0, -1, 0), ALL), Kind.NONE, "0 % busy", ""),
            new Row("half busy", signs(load(0.5, 0.6, 0, 1, 0), ALL), Kind.NONE, "50 % busy, the processors 60 %", ""),
            new Row("one waits for a moment", signs(load(0.5, 0.6, 1, 1, 0), ALL), Kind.NONE, "50 % busy", ""),
            new Row("the processors are not known", signs(load(0.5, -1, 0, 1, 0), ALL), Kind.NONE, "50 % busy.", ""),
            new Row(
                    "it stops",
                    new Signs(true, load(1, 1, 9, 99, 9), ALL, null, null, List.of(SWITCH)),
                    Kind.STOPPING,
                    "is stopping",
                    ""),
            new Row(
                    "no child is ready",
                    signs(load(1, 0.1, 9, 99, 0), new Signs.Children(16, 0, 0, "", 0)),
                    Kind.NO_CHILD,
                    "No PHP child is ready",
                    "events"),
            new Row(
                    "all processors are used",
                    signs(load(1.4, 0.97, 9, 30, 0), ALL),
                    Kind.CPU,
                    "97 % of them is used, and 9 requests wait",
                    "more children would not help"),
            new Row(
                    "all processors are used, though by a slow function",
                    with(load(1.4, 0.97, 9, 30, 0), new Signs.Busiest("report", 16, 900), null),
                    Kind.CPU,
                    "processors",
                    "processors"),
            new Row(
                    "all children wait for something",
                    signs(load(1.2, 0.2, 4, 80, 0), ALL),
                    Kind.CHILDREN,
                    "all 16 are busy, the processors 20 %, and 4 requests wait",
                    "relais.workers.children"),
            new Row(
                    "many fast requests of one function",
                    with(load(1.2, 0.2, 4, 80, 0), new Signs.Busiest("hello", 16, 4), null),
                    Kind.CHILDREN,
                    "all 16 are busy",
                    "relais.workers.children"),
            new Row(
                    "one function holds most children for long",
                    with(load(1.2, 0.2, 4, 80, 0), new Signs.Busiest("report", 12, 2_100), null),
                    Kind.SLOW_FUNCTION,
                    "The function report holds 12 of 16 children for 2100 ms at a time, and 4 requests wait",
                    "concurrency"),
            new Row(
                    "a worker is held and requests wait",
                    with(load(1.2, 0.2, 1, 80, 0), new Signs.Busiest("report", 12, 2_100), null, SWITCH, HELD),
                    Kind.SLOW_WORKER,
                    "Worker 1 is held, because it is slower, and 1 request waits.",
                    "Look at it."),
            new Row("a worker is held", signs(load(0.3, 0.2, 0, 0, 0), ALL, HELD), Kind.SLOW_WORKER, "held", "Look"),
            new Row(
                    "a function is at its own limit",
                    with(load(0.5, 0.2, 7, 40, 0), null, new Signs.Limited("report", 2, 7)),
                    Kind.FUNCTION_LIMIT,
                    "report is at its own limit of 2 runs at a time, and 7 requests wait",
                    "concurrency"),
            new Row(
                    "requests are refused though children are free",
                    signs(load(0.5, 0.2, 0, 0, 3.5), ALL),
                    Kind.QUEUE,
                    "3.5 requests a second are refused",
                    "relais.queue"),
            new Row(
                    "all are busy and requests are refused",
                    signs(load(6, 0.5, 100, 900, 40), ALL),
                    Kind.CHILDREN,
                    "40 requests a second are refused",
                    "relais.workers.children"),
            new Row(
                    "a child is stuck",
                    signs(load(0.1, 0.1, 0, 0, 0), new Signs.Children(16, 16, 1, "report", 42), SWITCH),
                    Kind.STUCK,
                    "1 child seems stuck, for 42 s in report",
                    "End it"),
            new Row(
                    "the memory is full",
                    signs(new Signs.Load(0.5, 0.5, 0.97, 0, 100, 0, 0), ALL),
                    Kind.MEMORY,
                    "97 % full",
                    "more memory"),
            new Row("a switch failed", signs(load(0.1, 0.1, 0, 0, 0), ALL, SWITCH), Kind.CODE, "not what", "Mend"));

    @TestFactory
    Stream<DynamicTest> eachSignHasItsBottleneck() {
        return ROWS.stream()
                .map(row -> DynamicTest.dynamicTest(row.seen(), () -> {
                    Bottleneck found = Bottleneck.of(row.signs());
                    assertEquals(row.kind(), found.kind(), found::toString);
                    assertTrue(found.sentence().contains(row.sentence()), found::sentence);
                    assertTrue(found.remedy().contains(row.remedy()), found::remedy);
                    assertEquals(row.remedy().isEmpty(), found.remedy().isEmpty(), found::toString);
                    assertTrue(found.sentence().endsWith("."), found::sentence);
                    assertFalse(found.sentence().contains(".."), found::sentence);
                    assertEquals(found.kind() == Kind.NONE, found.kind().level().equals("none"));
                }));
    }
}
