package dev.relais.bench;

import dev.relais.fastcgi.FcgiConnectionFuzz;
import dev.relais.fastcgi.HeadFuzz;
import dev.relais.fastcgi.RecordFuzz;
import dev.relais.fuzzing.FuzzRun;
import dev.relais.fuzzing.FuzzTarget;
import dev.relais.http.RequestTargetFuzz;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** The long run of the fuzz targets that {@code FuzzTest} runs for a moment. See {@code src/bench/fuzz} for the arguments. */
public final class LongFuzz {
    private static final int STEPS =
            10; // each target's inputs come in so many runs, the heap being looked at between them

    private LongFuzz() {}

    public static void main(String[] args) throws Exception {
        if (args.length == 4 && args[1].equals("replay")) {
            try (FuzzTarget target = target(args[2])) {
                System.out.println(
                        FuzzRun.replay(target, Long.parseLong(args[3].replace("L", ""))) ? "valid" : "refused");
            }
            return;
        }
        long seed = args.length > 1 ? Long.parseLong(args[1]) : new SplittableRandom().nextLong();
        long inputs = args.length > 2 ? Long.parseLong(args[2]) : 4_000_000;
        long connectionInputs = args.length > 3 ? Long.parseLong(args[3]) : 50_000;
        System.out.println("seed " + seed);
        StringBuilder table = new StringBuilder(head(seed));
        for (String name : List.of("record", "head", "target", "nio", "epoll")) {
            boolean connection = name.equals("nio") || name.equals("epoll");
            try (FuzzTarget target = target(name)) {
                table.append(row(target, seed, connection ? connectionInputs : inputs));
            }
        }
        Files.writeString(Path.of(args[0]), table);
    }

    @SuppressWarnings("deprecation") // the groups are made as Vert.x makes them
    private static FuzzTarget target(String name) throws IOException {
        return switch (name) {
            case "record" -> new RecordFuzz();
            case "head" -> new HeadFuzz();
            case "target" -> new RequestTargetFuzz();
            case "nio" -> new FcgiConnectionFuzz(new NioEventLoopGroup(1));
            case "epoll" -> new FcgiConnectionFuzz(new EpollEventLoopGroup(1));
            default -> throw new IllegalArgumentException("no target " + name);
        };
    }

    private static String head(long seed) {
        return String.format(
                Locale.ROOT,
                "# Fuzzing%n%n`src/bench/fuzz %d`, %s, Java %s, %d cores, `%s`. Every property held for every input.%n%n"
                        + "| target | inputs | valid | inputs/s | heap after a tenth, MiB | heap at the end | direct memory at the end |%n"
                        + "| --- | ---: | ---: | ---: | ---: | ---: | ---: |%n",
                seed,
                LocalDate.now(),
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()));
    }

    private static String row(FuzzTarget target, long seed, long inputs) {
        long accepted = 0;
        long nanos = 0;
        double early = 0;
        for (int step = 0; step < STEPS; step++) {
            FuzzRun run = FuzzRun.of(target, seed + step, inputs / STEPS);
            accepted += run.accepted();
            nanos += run.nanos();
            early = step == 0 ? heap() : early;
        }
        String row = String.format(
                Locale.ROOT,
                "| %s | %,d | %.0f %% | %,.0f | %.1f | %.1f | %.1f |%n",
                target.name(),
                inputs,
                100.0 * accepted / inputs,
                inputs / (nanos / 1e9),
                early,
                heap(),
                PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() / 1048576.0);
        System.out.print(row);
        return row;
    }

    /** What is alive, in MiB. */
    private static double heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1048576.0;
    }
}
