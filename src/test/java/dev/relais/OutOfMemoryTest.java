package dev.relais;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.internal.OutOfDirectMemoryError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutOfMemoryTest {
    private final List<Throwable> ends = new ArrayList<>();

    @AfterEach
    void nothingEnds() {
        OutOfMemory.onRunOut(failure -> {});
    }

    @Test
    void memoryIsTheReasonWhereverItStandsInTheChainOfCauses() {
        OutOfMemoryError direct = new OutOfMemoryError("Cannot reserve 4194304 bytes of direct buffer memory");
        assertTrue(OutOfMemory.isOne(direct));
        assertTrue(OutOfMemory.isOne(new IOException(new IllegalStateException(direct))));
        assertTrue(OutOfMemory.isOne(new OutOfMemoryError("Java heap space")));
        assertTrue(OutOfMemoryError.class.isAssignableFrom(OutOfDirectMemoryError.class), "Netty's is one");
        assertFalse(OutOfMemory.isOne(new OutOfMemoryError("unable to create native thread: possibly out of memory")));
        assertFalse(OutOfMemory.isOne(new OutOfMemoryError("Unable to create native thread: possibly out of memory")));
        assertFalse(OutOfMemory.isOne(new IOException("No space left on device")));
    }

    @Test
    void aCauseOfItselfHasAnEnd() {
        IOException one = new IOException("one");
        one.initCause(new IOException("other", one));
        assertFalse(OutOfMemory.isOne(one));
    }

    @Test
    void onlyMemoryEndsTheProcess() {
        OutOfMemory.onRunOut(ends::add);
        OutOfMemory.mind(null);
        OutOfMemory.mind(new IOException("reset"));
        assertEquals(List.of(), ends);
        OutOfMemoryError error = new OutOfMemoryError("Java heap space");
        OutOfMemory.mind(error);
        assertEquals(List.of(error), ends);
    }
}
