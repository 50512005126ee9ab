package dev.relais;

import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.BaseStream;

/**
 * A thread costs two to three milliseconds of CPU to start, which on two cores an event loop waits for. So no event starts one: what is
 * not done on the spot is done on a thread that is there.
 */
@AnalyzeClasses(packages = "dev.relais", importOptions = ImportOption.DoNotIncludeTests.class)
class ThreadsTest {
    /** Whoever makes threads, and how many that can be. */
    private static final Map<String, String> MAKERS = Map.ofEntries(
            Map.entry("dev.relais.PlainFile", "one for a file that may be a pipe; never on an event loop's behalf"),
            Map.entry("dev.relais.files.FileThreads", "a pool with an upper bound"),
            Map.entry(
                    "dev.relais.fpm.ErrorReader",
                    "one for each group of workers, which reads the error pipes of all children"),
            Map.entry("dev.relais.fpm.FpmLog", "one for each master"),
            Map.entry("dev.relais.fpm.FpmMaster", "one for each master that is ended"),
            Map.entry("dev.relais.functions.CodeContents", "one"),
            Map.entry("dev.relais.functions.CodeWatch", "one"),
            Map.entry("dev.relais.functions.Watch", "one"),
            Map.entry("dev.relais.lifecycle.Drain", "one, at the stop"),
            Map.entry("dev.relais.lifecycle.PoolKeeper", "one for each pool, at the stop"),
            Map.entry("dev.relais.lifecycle.Switcher", "one"),
            Map.entry("dev.relais.lifecycle.Ticks", "one"),
            Map.entry("dev.relais.output.QueueWriter", "one for the access log, and one for each place of the log"),
            Map.entry("dev.relais.process.ProcessEnder", "one for each group of workers"),
            Map.entry("dev.relais.process.StarterThread", "one, which starts all processes"),
            Map.entry("dev.relais.warmup.SelfWarmUp", "one, until the gateway is ready"),
            Map.entry(
                    "dev.relais.warmup.StandInPhp", "one for each of its few connections, until the gateway is ready"),
            Map.entry("dev.relais.worker.GroupParts", "one for each group of workers"));

    /** On two cores the pool that Java takes then has no threads of its own: it starts one for each task. */
    @ArchTest
    static final ArchRule everyStepThatIsNotDoneOnTheSpotNamesItsThread =
            noClasses().should(callMethodWhere(describe("a step without an executor", ThreadsTest::lacksExecutor)));

    @ArchTest
    static final ArchRule noThreadsOfTheWholeJvmAreUsed = noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ForkJoinPool.class)
            .orShould(callMethodWhere(describe("a parallel stream", ThreadsTest::isParallel)));

    @ArchTest
    static final ArchRule noPoolGrowsWithoutABound =
            noClasses().should(callMethodWhere(describe("a pool without a bound", ThreadsTest::isUnbounded)));

    @ArchTest
    static final ArchRule threadsAreMadeByFew = noClasses()
            .that(DescribedPredicate.describe(
                    "are not named here with a reason",
                    one -> !MAKERS.containsKey(one.getName().split("\\$")[0])))
            .should()
            .callConstructorWhere(DescribedPredicate.<JavaConstructorCall>describe(
                    "it makes a thread", call -> call.getTargetOwner().isAssignableTo(Thread.class)));

    private static DescribedPredicate<JavaMethodCall> describe(
            String words, java.util.function.Predicate<JavaMethodCall> what) {
        return DescribedPredicate.describe("it is " + words, what);
    }

    private static boolean lacksExecutor(JavaMethodCall call) {
        return call.getTargetOwner().isAssignableTo(CompletionStage.class)
                && call.getName().endsWith("Async")
                && call.getTarget().getRawParameterTypes().stream()
                        .noneMatch(type -> type.isAssignableTo(Executor.class));
    }

    private static boolean isParallel(JavaMethodCall call) {
        return call.getTargetOwner().isAssignableTo(BaseStream.class)
                        && call.getName().equals("parallel")
                || call.getName().equals("parallelStream");
    }

    private static boolean isUnbounded(JavaMethodCall call) {
        return call.getTargetOwner().isEquivalentTo(Executors.class)
                && (call.getName().equals("newCachedThreadPool")
                        || call.getName().equals("newThreadPerTaskExecutor")
                        || call.getName().startsWith("newVirtual"));
    }
}
