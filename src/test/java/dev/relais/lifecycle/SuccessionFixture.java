package dev.relais.lifecycle;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.relais.events.Event;
import dev.relais.events.Events;
import dev.relais.functions.Candidate;
import dev.relais.functions.FunctionRegistry;
import dev.relais.system.CgroupMemory;
import dev.relais.worker.Generations;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** Crews and functions that record what is done to them, and a clock that only the pauses move. */
abstract class SuccessionFixture {
    static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
    static final long MILLI = 1_000_000;

    final List<String> order = new ArrayList<>();
    final Events events = new Events();
    final Generations generations = new Generations();
    final ScriptedFunctions functions = new ScriptedFunctions(order);
    final List<String> settings = new ArrayList<>(); // that masters are told
    final Group crews = new Group();
    long addedBytes; // by pools that come
    long begin = Long.MAX_VALUE - 1; // wraps in the middle, as nanoTime may
    long now = begin;
    CgroupMemory.Room room; // null: no limit
    String failure; // of the next generation; null: none
    SwitchProblem warmUpProblem;
    long wholeAfterMillis = 50;
    long drainedAfterMillis = 100;
    boolean endsInTime = true;
    boolean tellFails;
    Map<Path, String> learned = Map.of();
    String failsWithPreload = "";
    final List<Integer> preloads = new ArrayList<>();

    final Succession succession = new Succession(
            Duration.ofSeconds(3),
            Duration.ofSeconds(10),
            functions,
            crews,
            generations,
            events,
            () -> room,
            Clock.fixed(NOON, ZoneOffset.UTC),
            new Pauses() {
                @Override
                public long nanos() {
                    return now;
                }

                @Override
                public void step() {
                    now += STEP_MILLIS * MILLI;
                }
            });

    final class Group implements Crews {
        private Crew serving = new One(1);
        private final List<Crew> others = new ArrayList<>();

        @Override
        public Crew serving() {
            return serving;
        }

        @Override
        public Crew begin(int number, Map<Path, String> preload) {
            preloads.add(preload.size());
            order.add("begin " + number + " while " + generations.status().state());
            One next = new One(number);
            others.add(next);
            return next;
        }

        @Override
        public void tell(FunctionRegistry coming) {
            settings.add("of the next");
        }

        @Override
        public void tellAgain(FunctionRegistry inForce) {
            settings.add(inForce == functions.current() ? "of the one in force" : "others");
            if (tellFails) {
                throw new IllegalStateException("no space left");
            }
        }

        @Override
        public long addedBytes(FunctionRegistry coming) {
            return addedBytes;
        }

        @Override
        public List<Crew> others() {
            return others;
        }
    }

    final class One implements Crew {
        private final int number;
        private final long began = now;
        private long left;

        One(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }

        @Override
        public boolean isWhole() {
            return number == 1 || now - began >= wholeAfterMillis * MILLI;
        }

        @Override
        public String failure() {
            return number == 1 ? null : failure;
        }

        @Override
        public long memoryBytes() {
            return 100 << 20;
        }

        @Override
        public Map<Path, String> learn(FunctionRegistry now, Candidate next) {
            return learned;
        }

        @Override
        public void warmUp(Candidate candidate) throws SwitchProblem {
            if (!failsWithPreload.isEmpty() && preloads.get(preloads.size() - 1) > 0) {
                throw new SwitchProblem(failsWithPreload);
            }
            order.add("warm up " + number + " while " + generations.status().state());
            if (warmUpProblem != null) {
                throw warmUpProblem;
            }
        }

        @Override
        public void answerCalls(Candidate candidate) {
            order.add("answer calls " + number);
        }

        @Override
        public void serve() {
            order.add("serve " + number);
            crews.serving = this;
        }

        @Override
        public void leave() {
            order.add("leave " + number + " while " + generations.status().state());
            left = now;
        }

        @Override
        public boolean isDrained() {
            return now - left >= drainedAfterMillis * MILLI;
        }

        @Override
        public int remaining() {
            return 3;
        }

        @Override
        public void end() throws TimeoutException {
            order.add("end " + number);
            if (!endsInTime) {
                throw new TimeoutException();
            }
        }
    }

    List<Event> told() {
        return events.last().stream().map(Events.Entry::event).toList();
    }

    SwitchProblem problem() {
        return assertThrows(SwitchProblem.class, () -> succession.takeOver(2));
    }
}
