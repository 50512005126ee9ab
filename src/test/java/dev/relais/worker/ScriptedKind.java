package dev.relais.worker;

import dev.relais.fastcgi.FinishMark;
import dev.relais.fastcgi.Params;
import dev.relais.process.ChildOutput;
import dev.relais.process.Host;
import dev.relais.process.WorkerUser;
import dev.relais.slot.ErrorPipes;
import dev.relais.slot.Notice;
import dev.relais.slot.PreloadStudy;
import dev.relais.slot.ScriptCompiler;
import dev.relais.slot.UploadFolders;
import dev.relais.slot.WorkerKind;
import dev.relais.slot.WorkerLauncher;
import dev.relais.slot.WorkerProcess;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A kind of worker process without PHP: each master is a peer in this JVM, each child a process that sleeps. It does as the test says. */
final class ScriptedKind implements WorkerKind, WorkerLauncher {
    static final Path PROOF = Path.of("/scripted-proof");

    final List<ScriptedProcess> started = new CopyOnWriteArrayList<>();
    final List<String> steps = new CopyOnWriteArrayList<>(); // of its own life, in order
    volatile int failingStarts; // so many of the next starts fail
    volatile boolean isMute; // masters that are started have children that answer nothing
    volatile CompletableFuture<Void> ready = CompletableFuture.completedFuture(null); // of masters that are started
    volatile int missing; // files that the next look finds missing
    private final Path directory;
    private final AtomicInteger starts = new AtomicInteger();
    private Needs needs;

    ScriptedKind(Path directory) {
        this.directory = directory;
    }

    /** Of this worker, the last one started. */
    ScriptedProcess last(int worker) {
        ScriptedProcess last = null;
        for (ScriptedProcess process : started) {
            last = process.worker == worker ? process : last;
        }
        return last;
    }

    @Override
    public WorkerUser user() {
        return new WorkerUser(false, "somebody", 4711, "somebody", Set.of());
    }

    @Override
    public List<String> passedOn() {
        return List.of();
    }

    @Override
    public long sharedBytes() {
        return 0;
    }

    @Override
    public WorkerLauncher sized(int children) {
        steps.add("sized " + children);
        needs = new Needs(needs.workers(), children, needs.showErrors(), needs.checksFiles());
        return this;
    }

    @Override
    public WorkerLauncher prepare(Host host, Needs wanted) {
        needs = wanted;
        steps.add("prepared");
        return this;
    }

    @Override
    public void guard(ScheduledExecutorService supervisor) {
        steps.add("guarded");
    }

    @Override
    public WorkerProcess start(int worker, ChildOutput output) throws IOException {
        if (failingStarts > 0) {
            failingStarts--;
            throw new IOException("no room for another process");
        }
        Path own = Files.createDirectory(directory.resolve("m" + starts.getAndIncrement()));
        ScriptedProcess process = new ScriptedProcess(worker, own, needs.children(), isMute, ready);
        started.add(process);
        return process;
    }

    @Override
    public Path proofScript() {
        return PROOF;
    }

    @Override
    public FinishMark mark() {
        return new FinishMark("scripted");
    }

    @Override
    public ErrorPipes errors() {
        return ErrorPipes.NONE;
    }

    @Override
    public UploadFolders uploads() {
        return UploadFolders.NONE;
    }

    @Override
    public boolean keepsAfterBody() {
        return true;
    }

    @Override
    public String fault() {
        return "a scripted fault";
    }

    @Override
    public Path directory() {
        return directory;
    }

    /** Of three scripts; compiles one with each request. */
    @Override
    public ScriptCompiler compiler(List<Path> scripts) {
        return new ScriptCompiler() {
            @Override
            public int count() {
                return scripts.size();
            }

            @Override
            public ByteBuf request(int from) {
                Params params = new Params();
                params.begin();
                params.add("SCRIPT_FILENAME", "/compile-" + from);
                return params.finish(ByteBufAllocator.DEFAULT, true);
            }

            @Override
            public int next(String reply) {
                int done = Integer.parseInt(reply.substring("served /compile-".length()));
                return done + 1 < scripts.size() ? done + 1 : DONE;
            }
        };
    }

    @Override
    public PreloadStudy study(List<Path> folder, Function<Path, Path> successors) {
        throw new UnsupportedOperationException();
    }

    @Override
    public WorkerLauncher preloading(int generation, Map<Path, String> files) {
        steps.add("preloading " + generation + " " + files.values());
        return this;
    }

    @Override
    public WorkerLauncher extended(String extension, Map<String, String> settings) {
        steps.add("extended by " + extension + " " + settings);
        return this;
    }

    @Override
    public boolean wantsNotices() {
        return true;
    }

    @Override
    public Notice notice(Set<String> changed, Set<String> doubtful, boolean all) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int mend() {
        int found = missing;
        missing = 0;
        return found;
    }

    @Override
    public void touch(Instant now) {}

    @Override
    public void logStart() {
        steps.add("started");
    }

    @Override
    public void close(Duration deadline) {
        steps.add("closed");
        for (ScriptedProcess process : started) {
            if (!process.hasEnded()) {
                throw new AssertionError("closed while a master runs");
            }
        }
    }
}
