package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CopiedMessagesTest {
    private static final String MARK = "relais-finish 0123";

    private static final long SECOND = 1_000_000_000;

    private long now;
    private Runnable inSink = () -> {};
    private final List<String> written = new ArrayList<>();
    private final Set<Long> idle = new HashSet<>();
    private final CopiedMessages copies = new CopiedMessages(
            2,
            MARK::equals,
            pid -> !idle.contains(pid),
            (pid, function, text, logged) -> write(pid + (logged ? " logged " : " said ") + text),
            () -> now);

    private void write(String line) {
        inSink.run();
        written.add(line);
    }

    private void runEnds(long pid) {
        idle.add(pid);
        copies.runEnded(pid);
    }

    private void said(long pid, String... lines) {
        for (String line : lines) {
            boolean first = line.startsWith("NOTICE: ");
            copies.said(pid, null, first ? line.substring(8) : line, first);
        }
    }

    private void copied(long pid, String message) {
        said(pid, ("NOTICE: " + message).replaceAll("\n{2,}", "\n").split("\n"));
    }

    @Test
    void aMessageIsDroppedWhicheverWayItComesFirst() {
        String message = "first\nsecond\n\n  third \r\nfirst\n";
        copies.logged(1, message);
        copied(1, message);
        assertEquals(List.of(), written);
        copied(1, message);
        copies.logged(1, message);
        copies.runEnded(1);
        assertEquals(List.of(), written);
        said(1, "second");
        assertEquals(List.of("1 said second"), written);
    }

    @Test
    void whatAScriptWritesItselfIsWrittenOnceInItsPlace() {
        copied(1, "a\nb");
        said(1, "own", "b");
        copied(1, "c");
        said(1, "own");
        assertEquals(List.of(), written);
        copies.logged(1, "a\nb");
        assertEquals(List.of("1 said own", "1 said b"), written);
        copies.logged(1, "c");
        assertEquals(List.of("1 said own", "1 said b", "1 said own"), written);
    }

    @Test
    void theMarkOfAnAnswersEndIsNoMessage() {
        said(1, "NOTICE: " + MARK, MARK);
        runEnds(1);
        copies.said(2, null, MARK, true);
        assertEquals(List.of("1 said " + MARK), written);
    }

    @Test
    void whatDiedWithItsProcessIsWrittenFromHere() {
        said(1, "NOTICE: PHP Fatal error:  x", "Stack trace:", "#0 {main}", "NOTICE: last words");
        copies.runEnded(1);
        assertEquals(List.of("1 logged PHP Fatal error:  x\nStack trace:\n#0 {main}", "1 logged last words"), written);
        idle.add(2L);
        copies.said(2, null, "outside a run", true);
        assertEquals("2 logged outside a run", written.get(2));
        said(1, "NOTICE: held");
        idle.add(1L);
        copies.ended(1);
        assertEquals("1 logged held", written.get(3));
    }

    @Test
    void whatIsLeftInThePipeOfAnEndedProcessIsWrittenOnceInWhateverOrderTheNewsCome() {
        List<String> said = List.of("NOTICE: last words", "own");
        // The master tells of the end first, then what is left in the pipe; FastCGI brings what it brings at any time,
        // then the run's end.
        for (boolean byFastcgi : new boolean[] {true, false}) {
            for (int log = 0; log <= 3; log++) {
                for (int end = log; end <= 3; end++) {
                    String order = byFastcgi + ": logged at " + log + ", run ended at " + end;
                    written.clear();
                    idle.clear();
                    for (int step = 0; step <= 3; step++) {
                        if (byFastcgi && step == log) {
                            copies.logged(1, "last words");
                        }
                        if (step == end) {
                            runEnds(1);
                        }
                        if (step == 0) {
                            copies.ended(1);
                        } else if (step < 3) {
                            said(1, said.get(step - 1));
                        }
                    }
                    List<String> expected = byFastcgi ? List.of("1 said own") : List.of("1 logged last words\nown");
                    List<String> parted = List.of("1 logged last words", "1 said own"); // not held: each as it came
                    assertTrue(written.equals(expected) || !byFastcgi && written.equals(parted), order + written);
                    copies.ended(2);
                }
            }
        }
    }

    @Test
    void anEndedProcessIsForgottenWithTheNextOne() {
        for (long pid = 1; pid <= 4; pid++) {
            copies.logged(pid, "same");
            runEnds(pid);
            copies.ended(pid);
        }
        said(1, "NOTICE: same"); // another process of this number
        assertEquals(List.of("1 logged same"), written);
    }

    @Test
    void processesThatEndTogetherEachKeepWhatTheirRunsBringYet() {
        said(1, "NOTICE: one");
        copies.ended(1);
        said(2, "NOTICE: two");
        copies.ended(2);
        copies.logged(1, "one");
        copies.logged(2, "two");
        runEnds(1);
        runEnds(2);
        assertEquals(List.of(), written);
    }

    @Test
    void noChildIsTakenForAnother() {
        copies.logged(1, "same");
        said(2, "NOTICE: same");
        copied(1, "same");
        assertEquals(List.of(), written);
        copies.runEnded(2);
        assertEquals(List.of("2 logged same"), written);
    }

    @Test
    void aFloodIsCutAndCountedForEachRun() {
        String line = "x".repeat(1000);
        for (int i = 0; i < 21_600; i++) {
            said(1, line);
        }
        assertEquals(MessageBudget.MOST / 1000, written.size());
        copies.leftOut(1, 7);
        copies.runEnded(1);
        int dropped = 21_600 - MessageBudget.MOST / 1000;
        assertEquals(
                "1 said (left out of one run's messages: " + dropped + " with " + (dropped * 1000 + 7)
                        + " characters, beyond " + MessageBudget.MOST + " or " + MessageBudget.MOST_MESSAGES
                        + " messages)",
                written.get(written.size() - 1));
        said(1, "next run");
        assertEquals("1 said next run", written.get(written.size() - 1));
    }

    @Test
    void theEndsOfManyShortRunsDoNotRenewTheBudgetWithinOneSecond() {
        String line = "y";
        for (int run = 0; run < 1000; run++) {
            for (int i = 0; i < 100; i++) {
                said(1, line);
            }
            copies.markRead(1);
            copies.runEnded(1);
        }
        long lines = written.stream().filter("1 said y"::equals).count();
        assertTrue(lines <= MessageBudget.MOST_MESSAGES + 100, lines + " lines");
        assertEquals(lines + 1, written.size(), "it is said once that some were left out");
        now += SECOND;
        copies.markRead(1);
        long said = written.stream()
                .filter(text -> text.contains("left out"))
                .mapToLong(text -> Long.parseLong(text.replaceAll(".*messages: (\\d+) with.*", "$1")))
                .sum();
        assertEquals(100_000 - lines, said);
        said(1, "next");
        assertEquals("1 said next", written.get(written.size() - 1));
    }

    /** A thread that writes, and stands in the sink until the latch opens. */
    private Thread readerHeldUpBy(CountDownLatch goesOn) throws InterruptedException {
        CountDownLatch writes = new CountDownLatch(1);
        inSink = () -> {
            writes.countDown();
            try {
                goesOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        Thread reader = new Thread(() -> said(1, "own"), "reader");
        reader.start();
        writes.await();
        return reader;
    }

    @Test
    void anEventLoopDoesNotWaitForTheLog() throws Exception {
        CountDownLatch goesOn = new CountDownLatch(1);
        Thread reader = readerHeldUpBy(goesOn);
        copies.runEnded(1); // returns, while the sink is held up
        copies.logged(2, "by FastCGI");
        copies.runEnded(2);
        goesOn.countDown();
        reader.join();
        assertEquals(List.of("1 said own"), written);
    }

    @Test
    void whatAnEventLoopLeavesToTheWriterIsWrittenInItsOrder() throws Exception {
        CountDownLatch goesOn = new CountDownLatch(1);
        said(2, "NOTICE: held");
        Thread reader = readerHeldUpBy(goesOn);
        copies.runEnded(2);
        assertEquals(List.of(), written);
        goesOn.countDown();
        reader.join();
        assertEquals(List.of("1 said own", "2 logged held"), written);
    }

    @Test
    void nothingIsHeldWithoutBound() {
        said(1, "NOTICE: never comes");
        for (int i = 0; i < CopiedMessages.MOST_LINES; i++) {
            said(1, "line " + i);
        }
        assertEquals(1, written.size());
        said(2, "NOTICE: never comes");
        for (int i = 0; i < 600; i++) {
            said(2, "y".repeat(1000));
        }
        assertTrue(written.size() > 1);
        for (int pid = 10; pid < 1000; pid++) {
            said(pid, "NOTICE: child " + pid);
        }
        assertTrue(written.contains("10 logged child 10"));
    }

    @Test
    void eachLineComesOnceHoweverTheTwoWaysMix() {
        SplittableRandom random = new SplittableRandom(27);
        for (int round = 0; round < 2_000; round++) {
            written.clear();
            List<String> pipe = new ArrayList<>();
            List<String> fastcgi = new ArrayList<>();
            List<String> own = new ArrayList<>();
            for (int i = random.nextInt(8); i > 0; i--) {
                if (random.nextBoolean()) {
                    String message = "m" + i + "\nline" + random.nextInt(3) + "\n" + i;
                    fastcgi.add(message);
                    pipe.addAll(List.of(("NOTICE: " + message).split("\n")));
                } else {
                    own.add("1 said own" + i);
                    pipe.add("own" + i);
                }
            }
            while (!pipe.isEmpty() || !fastcgi.isEmpty()) {
                if (!pipe.isEmpty() && (fastcgi.isEmpty() || random.nextBoolean())) {
                    said(1, pipe.remove(0));
                } else {
                    copies.logged(1, fastcgi.remove(0));
                }
            }
            copies.runEnded(1);
            assertEquals(own, written);
        }
    }
}
