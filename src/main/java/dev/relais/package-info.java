/**
 * Relais: serves PHP functions over HTTP on a supervised, ranked group of PHP-FPM workers. This page is the architecture document.
 *
 * <h2>The rooms, and who may import whom</h2>
 *
 * <pre>
 * lifecycle  start order, drain order               all but health and console
 * health     probes                                 functions, balancer, worker, slot, system
 * console    status                                 functions, admission, balancer, telemetry, worker, fpm, slot, process
 * gateway    one request's life                     functions, admission, balancer, telemetry, http, body, files, dispatch, slot, process, fastcgi
 * dispatch   an exchange and its limits             functions, admission, http, slot, fastcgi
 * files      files sent without PHP                 functions, telemetry, http, process, fastcgi
 * body       bytes of bodies, memory and spool      telemetry, http, fastcgi
 * http       HTTP itself, whoever answers           telemetry, system, fastcgi
 * telemetry  meters                                 functions, admission, balancer, worker, slot
 * balancer   ranking, score, sampler, claim         worker, slot
 * worker     generations, supervision               slot, process, fastcgi
 * fpm        PHP-FPM's launch, files and log        slot, process, fastcgi
 * slot       slots, their children, /proc           process, fastcgi
 * process    operating system processes             -
 * functions  names, registry, scan and watch        -
 * admission  run, wait or refuse                    -
 * fastcgi    bytes and sockets                      -
 * system     limits of the host                     -
 * </pre>
 *
 * This package itself holds what all may import: {@link dev.relais.ConfigurationProblem}, {@link dev.relais.Phase}, and for lines
 * that a client's request can cause {@link dev.relais.LimitedLog} and {@link dev.relais.LogText}. Nobody imports gateway, health, console or lifecycle, but that lifecycle starts and drains the gateway. Vert.x Web is used only in
 * gateway and console, Micrometer only in telemetry, processes are started and ended only in process, fpm, slot and worker. Netty channels
 * belong to fastcgi, and in http where Vert.x leaves no other way: {@code ArchitectureTest} names each such class with its reason. {@code ArchitectureTest} keeps these walls.
 *
 * <h2>A request's walk</h2>
 *
 * <ol>
 *   <li>{@code gateway.ApiRoute} gets the head from Vert.x and makes an {@code Invocation}, which stays on its event loop.
 *   <li>{@code http.RequestTarget} normalises the target, once.
 *   <li>{@code functions.FunctionRegistry} finds the {@code PhpFunction} with the longest name.
 *   <li>In an application {@code files.FileDelivery} asks a thread of {@code files.Offload} what the path is ({@code functions.Application}): a file,
 *       which {@code FileAnswer} sends without PHP, another script, or the front controller's.
 *   <li>{@code gateway.GatheredBody} takes the body whole, in memory or a {@code SpoolFile}, before any child is taken; a
 *       {@code StreamedBody} is passed on as it comes, for functions that ask for it.
 *   <li>{@code gateway.Dispatch} lets it through its function's {@code admission.Gate} and asks {@code balancer.Balancer} for a
 *       slot; its {@code Ranking} draws two workers of the leading band and claims a {@code slot.Slot} of the less busy one by
 *       compare-and-set; children of a worker that {@code balancer.Triage} holds back are left alone. If the gate is closed or no
 *       child free, the invocation waits in {@code admission.WaitingRoom}, where whoever frees one brings the two together, or is
 *       refused; so is who calls a function whose {@code admission.CircuitBreaker} is open, because it kills its processes.
 *   <li>{@code gateway.CgiEnvironment} writes the variables into {@code fastcgi.Params}.
 *   <li>{@code dispatch.Exchange} carries it to the child's loop. {@code slot.Slot} starts it and its time limit;
 *       {@code fastcgi.FcgiConnection} writes it to the one connection of that child and decodes the answer with
 *       {@code RecordDecoder} and {@code HeadParser}.
 *   <li>At END_REQUEST the slot is free: {@code Slot} hands it to {@code Dispatch.freed}, straight to the next waiter or back
 *       to all through {@code Balancer.release}. In code this comes before the answer's last byte is written, so that PHP works
 *       while the gateway writes. A script that called {@code fastcgi_finish_request} ({@code fpm.FinishFunction}) has its
 *       answer completed before, at {@code ExchangeListener.onFinished}, and keeps its slot until END_REQUEST.
 *   <li>{@code gateway.AnswerRelay} hears what the exchange brings and makes an {@code http.AnswerHead} of its head. The {@code ResponseWriter}
 *       writes it, by way of {@code HeadWriter}, through which the heads of all answers go, and then the body, whole or as it comes. While the client is slow, a {@code Backlog} takes the answer in, in memory and a file, and
 *       holds PHP back only when that is full. A head with X-Sendfile or X-Accel-Redirect ends the relay: {@code FileDelivery}
 *       opens the file in one of {@code SendfileFolders}. What went wrong becomes a {@code Problem}
 *       in {@code Failures}.
 * </ol>
 *
 * To read it in seven files: {@code ApiRoute}, {@code Invocation}, {@code Dispatch}, {@code Ranking}, {@code Slot},
 * {@code FcgiConnection}, {@code AnswerRelay}.
 *
 * <h2>Threads</h2>
 *
 * The data plane runs on event loops: no locks, no blocking, no wait. A request stays on its loop, a child's connection on its
 * own; where they differ, {@code dispatch.LoopHop} carries the events over. Within a worker a child of the own loop is preferred,
 * but no request waits while a child of any loop is free.
 *
 * <p>The control plane runs beside it: {@code relais-supervisor} starts, restarts and ends masters; {@code relais-ender} ends children whose
 * time is up, and what they have started; {@code relais-functions}
 * watches the directory; {@code relais-generations} has new workers take over; a scheduler thread samples the workers each second. They publish by one write to a volatile reference to
 * an immutable snapshot; the data plane only reads. Slots are the exception: one bit each, claimed and released by compare-and-set.
 *
 * <h2>From one generation to the next</h2>
 *
 * {@code functions.Changes} gathers what changes in the directory until it is quiet; {@code lifecycle.Switcher} does one switch at a
 * time, in the order that {@code lifecycle.Succession} has: a {@code functions.Candidate} is loaded, a {@code worker.Generation} starts
 * beside the one that serves, compiles and answers its warm-up calls; then the registry and the ranking are swapped, and the old one
 * ends what it runs. Its children are in no ranking any more, so nobody claims them, and none that becomes free goes to a waiter.
 *
 * <h2>What keeps requests from being lost</h2>
 *
 * A slot is free only when a child has proven it: END_REQUEST, or {@code slot.Proof} on a new connection. Who waits enters the
 * room before trying once more to claim; who releases publishes before looking into the room. A script that vanished between scan
 * and start provably did not run, so it is looked up again. A request of which the kernel did not take all the PARAMS did not run
 * either, and is run once more ({@code gateway.Attempts}). A stop closes the port first and answers all whose head was read.
 */
package dev.relais;
