package dev.relais.body;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.http.Budgets;
import dev.relais.http.GatewayConfigs;
import dev.relais.http.MemoryBudget;
import dev.relais.testing.Patience;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BacklogTest {
    private static final int MEMORY = 64 << 10;
    private static final long LIMIT = 1 << 20;
    private static Vertx vertx;

    @TempDir
    Path folder;

    private final MemoryBudget budget = Budgets.of(1 << 30);
    private final List<Throwable> changes = new ArrayList<>();
    private ManualSpool spool;
    private byte added;
    private byte taken;

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    private Backlog backlog(long limit, String capacity, MemoryBudget of) {
        spool = new ManualSpool(
                GatewayConfigs.of(Map.of(
                        "relais.http.spool-directory", folder.toString(), "relais.http.spool-capacity", capacity)),
                vertx);
        Backlog backlog = new Backlog(spool, null, MEMORY, of, changes::add);
        backlog.limit(limit);
        return backlog;
    }

    private Backlog backlog(long limit) {
        return backlog(limit, "8M", budget);
    }

    /** Adds bytes that count up, so that a lost, doubled or misplaced byte shows. */
    private void add(Backlog backlog, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = added++;
        }
        backlog.add(Unpooled.wrappedBuffer(bytes), length);
    }

    /** @return how many bytes came; 0 for none now */
    private int take(Backlog backlog) {
        ByteBuf next = backlog.take();
        int length = next == null ? 0 : next.readableBytes();
        for (int i = 0; i < length; i++) {
            assertEquals(taken++, next.readByte());
        }
        return length;
    }

    private int takeAll(Backlog backlog) {
        int all = 0;
        while (!backlog.isEmpty()) {
            int some = take(backlog);
            if (some == 0) {
                spool.step();
            }
            all += some;
        }
        return all;
    }

    @Test
    void whatFitsIntoMemoryNeedsNoFile() {
        Backlog backlog = backlog(MEMORY);
        add(backlog, MEMORY / 2);
        assertFalse(backlog.isFull());
        add(backlog, MEMORY / 2);
        assertTrue(backlog.isFull());
        assertEquals(0, spool.steps());
        assertEquals(MEMORY, takeAll(backlog));
        assertTrue(backlog.isLow());
    }

    @Test
    void whatHasNoLimitToFillIsFullAtOnceAndLowWhenItIsEmpty() {
        Backlog backlog = backlog(0);
        add(backlog, 1);
        assertTrue(backlog.isFull());
        assertFalse(backlog.isLow());
        takeAll(backlog);
        assertTrue(backlog.isLow());
    }

    @Test
    void whatOutgrowsItsMemoryGoesThroughTheFileInOrder() {
        Backlog backlog = backlog(LIMIT);
        for (int i = 0; i < 8; i++) {
            add(backlog, MEMORY / 2);
            while (spool.steps() > 0) {
                assertNull(spool.step());
            }
        }
        assertEquals(8L * MEMORY / 2, takeAll(backlog));
    }

    @Test
    void isFullWhileTheFileIsSlowerThanPhpAndLowOnceItHasTakenIt() {
        Backlog backlog = backlog(LIMIT);
        add(backlog, MEMORY / 2); // in front
        add(backlog, MEMORY / 2); // on its way to the file
        assertFalse(backlog.isFull());
        add(backlog, MEMORY / 2);
        assertTrue(backlog.isFull());
        assertFalse(backlog.isLow());
        spool.step();
        spool.step();
        assertTrue(backlog.isLow());
        assertFalse(backlog.isFull());
    }

    @Test
    void theLimitHoldsForFileAndMemoryTogether() {
        Backlog backlog = backlog(2 * MEMORY);
        int held = 0;
        while (!backlog.isFull()) {
            add(backlog, MEMORY / 8);
            held += MEMORY / 8;
            while (spool.steps() > 0) {
                spool.step();
            }
        }
        assertEquals(2 * MEMORY, held);
        assertEquals(held, takeAll(backlog));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, MEMORY, LIMIT})
    void keepsTheOrderHoweverAddingTakingAndTheFileFollowOnEachOther(long limit) {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Backlog backlog = backlog(limit);
            int in = 0;
            int out = 0;
            for (int i = 0; i < 100; i++) {
                switch (random.nextInt(3)) {
                    case 0 -> {
                        int length = 1 + random.nextInt(MEMORY / 3);
                        add(backlog, length);
                        in += length;
                    }
                    case 1 -> out += take(backlog);
                    default -> {
                        if (spool.steps() > 0) {
                            assertNull(spool.step());
                        }
                    }
                }
                assertTrue(spool.steps() <= 1, "one call at a time");
            }
            out += takeAll(backlog);
            assertEquals(in, out, "seed " + seed);
            backlog.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"full", "failed"})
    void withoutAFileItGoesOnInMemoryAndNothingIsLost(String how) {
        Backlog backlog = backlog(LIMIT, how.equals("full") ? "1K" : "8M", budget);
        add(backlog, MEMORY / 2);
        add(backlog, MEMORY / 2);
        add(backlog, 100);
        if (how.equals("full")) {
            assertInstanceOf(Spool.Full.class, spool.step());
        } else {
            spool.fail(new IOException("on purpose"));
        }
        assertEquals(1, changes.size());
        assertNull(changes.get(0), "nothing is lost");
        assertTrue(backlog.isFull());
        assertEquals(MEMORY + 100, takeAll(backlog));
        add(backlog, MEMORY);
        assertEquals(0, spool.steps(), "the file is not tried again");
        assertEquals(MEMORY, takeAll(backlog));
    }

    @Test
    void whatCannotBeReadBackIsToldAsLost() {
        Backlog backlog = backlog(LIMIT);
        add(backlog, MEMORY);
        spool.step();
        changes.clear();
        assertEquals(0, take(backlog));
        Throwable failure = new IOException("on purpose");
        spool.fail(failure);
        assertEquals(1, changes.size());
        assertSame(failure, changes.get(0));
    }

    @Test
    void whatItsOwnerThrowsIsToldToItOnceMore() {
        List<Throwable> told = new ArrayList<>();
        RuntimeException fault = new IllegalStateException("on purpose");
        backlog(LIMIT);
        Backlog failing = new Backlog(spool, null, MEMORY, budget, change -> {
            told.add(change);
            if (change == null) {
                throw fault;
            }
        });
        failing.limit(LIMIT);
        failing.add(Unpooled.wrappedBuffer(new byte[MEMORY]), MEMORY);
        spool.step();
        assertEquals(2, told.size());
        assertSame(fault, told.get(1));
    }

    @Test
    void countsWhatItHoldsInMemoryUntilItIsTakenOrDropped() {
        Backlog backlog = backlog(LIMIT);
        add(backlog, MEMORY / 2);
        assertTrue(Budgets.used(budget) >= MEMORY / 2);
        add(backlog, MEMORY / 2);
        assertTrue(Budgets.used(budget) >= MEMORY);
        takeAll(backlog);
        assertEquals(0, Budgets.used(budget));
        add(backlog, MEMORY);
        backlog.close();
        backlog.close();
        assertEquals(0, Budgets.used(budget));
    }

    @Test
    void keepsLittleInMemoryWhenTheBudgetIsUsedUp() {
        MemoryBudget used = Budgets.of(1);
        Backlog backlog = backlog(LIMIT, "8M", used);
        used.count(1);
        add(backlog, MEMORY / 4);
        assertEquals(1, spool.steps(), "it goes to the file, though it would fit");
        spool.step();
        assertEquals(MEMORY / 4, takeAll(backlog));
    }

    /** Other answers use the memory up for an instant, just when it is asked whether this one is full. */
    @Test
    void whatMadeItFullGoesIntoTheFileThoughTheMemoryIsThereAgain() {
        Backlog backlog = backlog(LIMIT);
        add(backlog, MEMORY / 2);
        add(backlog, MEMORY / 8);
        assertEquals(0, spool.steps());
        budget.count(1 << 30);
        assertTrue(backlog.isFull());
        budget.count(-(1 << 30));
        backlog.heldBack();
        spool.step();
        assertEquals(1, changes.size());
        assertTrue(backlog.isLow());
        assertEquals(MEMORY / 2 + MEMORY / 8, takeAll(backlog));
    }

    /** The same while a piece before it is on its way into the file. */
    @Test
    void whatMadeItFullGoesIntoTheFileAfterThePieceThatIsOnItsWay() {
        Backlog backlog = backlog(LIMIT);
        add(backlog, MEMORY / 2);
        add(backlog, MEMORY / 4);
        add(backlog, MEMORY / 8);
        assertEquals(1, spool.steps());
        budget.count(1 << 30);
        assertTrue(backlog.isFull());
        backlog.heldBack();
        spool.step();
        assertFalse(backlog.isLow(), "while the memory is used up, that is much");
        backlog.heldBack();
        budget.count(-(1 << 30));
        assertEquals(1, spool.steps());
        spool.step();
        assertTrue(backlog.isLow());
        assertEquals(MEMORY / 2 + MEMORY / 4 + MEMORY / 8, takeAll(backlog));
    }

    @Test
    void whatIsFullToItsLimitDoesNotGoBeyondIt() {
        Backlog backlog = backlog(LIMIT);
        while (!backlog.isFull()) {
            add(backlog, 1_000);
            while (spool.steps() > 0) {
                spool.step();
            }
        }
        backlog.heldBack();
        assertEquals(0, spool.steps());
        assertFalse(backlog.isLow());
    }

    @Test
    void aFileThatIsBusyWhenItIsClosedIsGivenBackAfterwards() {
        Backlog backlog = backlog(LIMIT, "64K", budget);
        add(backlog, MEMORY);
        backlog.close();
        assertEquals(1, spool.steps());
        spool.step();
        assertEquals(List.of(), changes, "nobody is told any more");
        await().until(() -> spool.hasSpaceFor(64 << 10));
    }
}
