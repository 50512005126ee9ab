package dev.relais.worker;

import dev.relais.fastcgi.ScriptedPeer;
import dev.relais.fastcgi.Wire;
import dev.relais.slot.WorkerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;

/** A master in this JVM: whoever connects has one of its children, which answers with its number or with what it was asked for. */
final class ScriptedProcess implements WorkerProcess {
    private static final AtomicLong PIDS = new AtomicLong(1_000_000_000); // of no real process

    final int worker;
    private final long pid = PIDS.incrementAndGet();
    private final boolean mute;
    private final ScriptedPeer peer;
    private final CompletableFuture<Void> ready;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    // Guarded by this:
    private final Deque<Process> idle = new ArrayDeque<>();
    private final List<Process> children = new ArrayList<>();
    private boolean dead;

    /** @param ready when it says that it is ready */
    ScriptedProcess(int worker, Path directory, int count, boolean mute, CompletableFuture<Void> ready)
            throws IOException {
        this.worker = worker;
        this.mute = mute;
        this.ready = ready;
        for (int i = 0; i < count; i++) {
            fork();
        }
        this.peer = ScriptedPeer.start(directory, this::serve);
    }

    private synchronized void fork() throws IOException {
        Process child = new ProcessBuilder("sleep", "600").start();
        children.add(child);
        idle.add(child);
        child.onExit().thenRun(() -> replace(child));
        notifyAll();
    }

    private synchronized void replace(Process child) {
        children.remove(child);
        idle.remove(child);
        if (!dead) {
            try {
                fork();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private synchronized Process accept() throws InterruptedException {
        while (idle.isEmpty()) {
            wait();
        }
        return idle.poll();
    }

    private void serve(ScriptedPeer.Line line) throws Exception {
        Process child = accept();
        child.onExit().thenRun(line::cut);
        try {
            while (true) {
                ScriptedPeer.Line.Request request = line.readRequest();
                if (mute) {
                    line.awaitClose();
                    return;
                }
                line.answer(Wire.answer(answer(child, request)));
            }
        } finally {
            synchronized (this) {
                if (child.isAlive()) {
                    idle.add(child);
                    notifyAll();
                }
            }
        }
    }

    private static String answer(Process child, ScriptedPeer.Line.Request request) {
        if (request.has(ScriptedKind.PROOF.toString())) {
            return Long.toString(child.pid());
        }
        String text = new String(request.params(), StandardCharsets.ISO_8859_1);
        return "served " + text.substring(text.indexOf('/'));
    }

    /** Ends as one that crashes: its children go on. */
    void die(int status) throws IOException {
        synchronized (this) {
            dead = true;
        }
        exit.complete(status);
    }

    boolean hasEnded() {
        return ended.isDone();
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public Path socket() {
        return peer.socket();
    }

    @Override
    public boolean isReady() {
        return ready.isDone() && !ready.isCompletedExceptionally();
    }

    @Override
    public CompletionStage<Void> onReady() {
        return ready;
    }

    @Override
    public CompletionStage<Integer> onExit() {
        return exit;
    }

    @Override
    public CompletionStage<Void> terminate(Duration deadline) {
        return killGroup();
    }

    @Override
    public CompletionStage<Void> killGroup() {
        List<Process> all;
        synchronized (this) {
            dead = true;
            all = List.copyOf(children);
        }
        all.forEach(Process::destroyForcibly);
        try {
            peer.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        exit.complete(137);
        CompletableFuture.allOf(all.stream().map(Process::onExit).toArray(CompletableFuture[]::new))
                .thenRun(() -> ended.complete(null));
        return ended;
    }

    @Override
    public boolean mendFiles() {
        return false;
    }

    @Override
    public synchronized int children() {
        return children.size();
    }

    @Override
    public boolean replacesChildren() {
        return true;
    }

    @Override
    public synchronized boolean killUnknown(LongPredicate known, Instant before) {
        return false;
    }
}
