/**
 * The functions: which PHP scripts there are, under which names, and with which settings.
 *
 * <p>{@link dev.relais.functions.Functions} is the one bean of this room. It scans the functions directory, publishes an
 * immutable {@link dev.relais.functions.FunctionRegistry} behind one volatile, and looks for changes on one daemon thread
 * ({@code relais-functions}), which is the only writer once the bean is started. The data plane only reads: {@code current()}
 * and {@code find()}, without a lock and without an allocation.
 *
 * <p>A {@link dev.relais.functions.PhpFunction} may have an {@link dev.relais.sites.Application}, which finds out, on any
 * thread that may block, what a path in its folder leads to.
 *
 * <p>Everything else is package-private and confined to that thread: {@code FunctionSource} loads (mirror, scan, settings),
 * {@code DirectoryScan} walks the directory, {@code LinkRule} says where symlinks may lead, {@code Traces} tells cheaply
 * whether a scan would find anything new, {@code SettingsFile} reads {@code functions.yaml}, whose keys stand in
 * {@code FunctionKeys}, {@code Mirror} keeps the copy that is served where the PHP user cannot read the directory,
 * {@code Watch} is the thread.
 *
 * <p>With {@link dev.relais.functions.Reload#GENERATIONS} that thread publishes nothing. {@code Changes} gathers the changes
 * that {@code Tree} shows until the directory is quiet, and then reports them; the thread that switches loads a
 * {@link dev.relais.functions.Candidate} and publishes or drops it.
 *
 * <p>Which functions there are is found by polling, not by the kernel's events: it works on every file system (NFS, overlay, Kubernetes
 * volumes) and cannot lose an event. Of changed files {@code CodeWatch} tells, on a thread of its own ({@code relais-code}): by events
 * where {@code FolderEvents} gets all of them, else by {@code FolderPoll}. What it misses opcache sees itself some seconds later.
 *
 * <p>This room imports only {@code admission}, whose limits a function has, {@code events}, {@code sites}, whose rules it reads, and what
 * all may import. No room
 * below it imports it. No Vert.x, no Micrometer.
 */
@NullMarked
package dev.relais.functions;

import org.jspecify.annotations.NullMarked;
