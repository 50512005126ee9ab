package dev.relais.fuzzing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.FcgiConnectionFuzz;
import dev.relais.fastcgi.HeadFuzz;
import dev.relais.fastcgi.RecordFuzz;
import dev.relais.http.RequestTargetFuzz;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The short run of each target; its failure names the input's seed, which {@link FuzzRun#replay} takes. */
class FuzzTest {
    private static final long SEED = 3;

    /** Every property holds for each input. A fifth to four fifths of the inputs are valid. */
    private static void holds(FuzzTarget target, int inputs) throws Exception {
        try (target) {
            FuzzRun run = FuzzRun.of(target, SEED, inputs);
            assertTrue(run.accepted() > inputs / 5 && run.accepted() < inputs * 4 / 5, run.toString());
        }
    }

    @Test
    void theRecordDecoderHolds() throws Exception {
        holds(new RecordFuzz(), 25_000);
    }

    @Test
    void theHeadParserHolds() throws Exception {
        holds(new HeadFuzz(), 40_000);
    }

    @Test
    void theRequestTargetHolds() throws Exception {
        holds(new RequestTargetFuzz(), 40_000);
    }

    @Test
    @SuppressWarnings("deprecation") // as Vert.x makes them
    void aConnectionOnNioHolds() throws Exception {
        holds(new FcgiConnectionFuzz(new NioEventLoopGroup(1)), 1_500);
    }

    @Test
    @EnabledIf("io.netty.channel.epoll.Epoll#isAvailable")
    @SuppressWarnings("deprecation") // as Vert.x makes them
    void aConnectionOnEpollHolds() throws Exception {
        holds(new FcgiConnectionFuzz(new EpollEventLoopGroup(1)), 1_500);
    }

    @Test
    void aBrokenPropertyIsReportedWithTheSeedThatRepeatsIt() {
        FuzzTarget broken = new FuzzTarget() {
            @Override
            public String name() {
                return "a target";
            }

            @Override
            public byte[] input(SplittableRandom random) {
                return Bytes.random(random, 8);
            }

            @Override
            public boolean accepts(byte[] input, SplittableRandom random) {
                FuzzTarget.check(!new String(input, StandardCharsets.ISO_8859_1).contains("z"), "no z");
                return true;
            }
        };
        AssertionError error = assertThrows(AssertionError.class, () -> FuzzRun.of(broken, SEED, 10_000));
        assertTrue(error.getMessage().matches("(?s)a target, input of seed -?\\d+L, \\d bytes [0-9a-f]*7a.*no z"));
        long inputSeed = Long.parseLong(error.getMessage().replaceFirst("(?s).*seed (-?\\d+)L.*", "$1"));
        AssertionError again = assertThrows(AssertionError.class, () -> FuzzRun.replay(broken, inputSeed));
        assertEquals(error.getMessage(), again.getMessage());
    }
}
