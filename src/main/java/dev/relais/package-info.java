/**
 * Relais: serves PHP functions over HTTP on a supervised, ranked group of PHP-FPM workers. This page is the architecture document.
 *
 * <h2>The rooms, and which may import which</h2>
 *
 * <pre>
 * lifecycle  start order, drain order               all but health and console
 * warmup     the gateway's own warm-up              functions, admission, balancer, telemetry, http, body, files, dispatch,
 *                                                   gateway, slot, events, tracing
 * health     probes                                 functions, balancer, telemetry, worker, slot, system
 * console    status                                 functions, telemetry, worker, slot, process, system, events, cache, admission, balancer, debug,
 *                                                   sites
 * gateway    one request's life                     functions, admission, balancer, telemetry, tracing, http, body, files, dispatch,
 *                                                   cache, slot, process, fastcgi, events, sites
 * dev        help for authors, in dev mode only     functions, http, dispatch, fastcgi
 * debug      workers with a debugger, on demand     admission, balancer, telemetry, http, dispatch, worker, slot, process, events, system
 * dispatch   invocations and children together      functions, admission, balancer, telemetry, http, slot, fastcgi
 * redis      what caches of gateways share          cache, telemetry
 * tracing    spans of requests                      telemetry, http
 * accesslog  a line for each invocation             telemetry, output
 * cache      answers given again without PHP        functions, telemetry, http
 * files      files sent without PHP                 functions, telemetry, http, process, fastcgi, sites
 * body       bytes of bodies, memory and spool      telemetry, http, fastcgi, system
 * http       HTTP itself, for all answers           telemetry, system, fastcgi
 * telemetry  meters, snapshots, load                functions, admission, balancer, worker, slot, system, events
 * balancer   ranking, score, sampler, claim         worker, slot, events
 * slow       slow scripts, told of                  worker, slot, process, events
 * worker     generations, supervision               slot, process, system, events
 * fpm        PHP-FPM's launch, files and log        slot, process, fastcgi, system
 * slot       slots, their children, /proc           process, fastcgi, events
 * process    operating system processes             -
 * functions  names, registry, scan and watch        admission, events, sites
 * sites      folders served whole, by rules         -
 * admission  run, wait or refuse                    events
 * fastcgi    bytes and sockets                      -
 * system     limits of the host                     -
 * hurl       tests of functions                     -
 * migration  configurations of other servers        -
 * service    what a service manager is told         events
 * output     written by threads of its own         -
 * events     what happened, for log and status      -
 * configuration  what values look like              -
 * </pre>
 *
 * This package itself holds what all may import: {@link dev.relais.ConfigurationProblem}, {@link dev.relais.Phase}, and for log
 * lines that a client's request can cause {@link dev.relais.LimitedLog} and {@link dev.relais.LogText}. No room imports gateway, health,
 * console or lifecycle, except that lifecycle starts and drains the gateway, and that warmup makes another one. Vert.x Web is used only in
 * gateway, console and dev, Micrometer only in telemetry; processes are started and ended only in process, fpm, slot and worker. Netty channels belong to fastcgi; elsewhere
 * they are used only by classes that {@code LibraryUseTest} names with the reason. That test and {@code ArchitectureTest} keep all these walls.
 *
 * <h2>A request's walk</h2>
 *
 * <ol>
 *   <li>{@code gateway.ApiRoute} gets the head from Vert.x and makes a {@code gateway.Invocation}, which stays on its event loop.
 *   <li>{@code http.RequestTarget} gives the target one normal form; {@code functions.FunctionRegistry} finds its function, {@code sites.SiteTable} its site.
 *   <li>For an application {@code files.FileDelivery} looks up the path, and {@code files.FileAnswer} sends a file without PHP.
 *   <li>{@code body.GatheredBody} takes the whole body in, or {@code body.StreamedBody} is made, which passes it on in step 7.
 *   <li>{@code admission.Gate} admits the invocation and {@code balancer.Ranking} claims a slot, or {@code admission.WaitingRoom} has it wait.
 *   <li>{@code gateway.CgiEnvironment} writes {@code fastcgi.Params}; {@code dispatch.Exchange} carries them to the child's event loop.
 *   <li>{@code slot.Slot} starts the time limit; {@code fastcgi.FcgiConnection} writes the request and decodes the answer.
 *   <li>{@code gateway.AnswerRelay} gives the answer to {@code http.ResponseWriter}; {@code body.AnswerFlow} reads ahead of a slow client.
 *   <li>After END_REQUEST {@code dispatch.Dispatch} gives a slot whose child stays to the next waiter, or back to the ranking.
 * </ol>
 *
 * <ul>
 *   <li>{@code sites.Decision} finds out, on a thread of {@code files.Offload}, whether a path of an application or a site leads to a file,
 *       a script, a redirect or a refusal.
 *   <li>A function whose {@code admission.CircuitBreaker} is open, because it kills its processes, is refused before its body is read.
 *   <li>A body is gathered in memory or a {@code body.SpoolFile}, before any child is taken.
 *   <li>{@code balancer.Ranking} draws two workers of the leading band and claims a {@code slot.Slot} of the less busy one by
 *       compare-and-set. Children of a worker that {@code balancer.Triage} holds back are not used.
 *   <li>In {@code admission.WaitingRoom} the thread that frees a child gives it to the next waiter, which is the first one, by priority
 *       and time, that its function's gate admits. An invocation that cannot be served in time is refused.
 *   <li>The slot is given on before the answer's last byte is written, so that PHP works while the gateway writes. A script that called
 *       {@code fastcgi_finish_request} ({@code fpm.FinishFunction}) has its answer completed earlier, at
 *       {@code ExchangeListener.onFinished}, and keeps its slot until END_REQUEST.
 *   <li>{@code gateway.AnswerRelay} makes an {@code http.AnswerHead} of PHP's head. The heads of all answers of Relais, also of files and
 *       problems, are written by {@code http.HeadWriter}; those that Quarkus gives itself are not (CORS, the redirect to TLS). While the
 *       client is slow, a {@code body.Backlog} keeps the answer in memory and a file, and PHP is held back only when that is full.
 *   <li>A head with X-Sendfile or X-Accel-Redirect ends the relay: {@code files.FileDelivery} opens the file in one of
 *       {@code files.SendfileFolders}. What went wrong becomes an {@code http.Problem} in {@code gateway.Failures}.
 * </ul>
 *
 * To read it in seven files: {@code ApiRoute}, {@code Invocation}, {@code Dispatch}, {@code Ranking}, {@code Slot},
 * {@code FcgiConnection}, {@code AnswerRelay}.
 *
 * <h2>Threads</h2>
 *
 * The data plane runs on event loops: no locks, no blocking, no wait. A request stays on its loop, a child's connection on its
 * own; where they differ, {@code dispatch.LoopHop} passes the events on. Within a worker a child of the own loop is preferred,
 * but a request that its gate admits does not wait while a child of any other loop is free and may be used.
 *
 * <p>The control plane runs beside it: {@code relais-supervisor} starts, restarts and ends masters; {@code relais-ender} ends children
 * whose time is up, and what they have started; {@code relais-functions} watches the directory; {@code relais-generations} has new
 * workers take over; {@code relais-ticks} samples the workers each second, and {@code relais-supervisor} between two ticks, when a worker has
 * begun to serve or has become slow. What these threads find out they publish by one write to a volatile reference to an immutable
 * snapshot, which the data plane only reads. Slots are the exception: one bit each, claimed and released by compare-and-set. No event
 * starts a thread: that would take milliseconds from an event loop.
 *
 * <h2>From one generation to the next</h2>
 *
 * {@code functions.Changes} gathers what changes in the directory until it is quiet; {@code lifecycle.Switcher} does one switch at a
 * time, in the order that {@code lifecycle.Succession} has: a {@code functions.Candidate} is loaded, a {@code worker.Generation} starts
 * beside the one that serves, compiles and answers its warm-up calls; then the registry and the ranking are swapped, and the old one
 * ends what it runs. Its children are in no ranking any more, so none is claimed, and none that becomes free goes to a waiter.
 *
 * <p>Functions and sites with a pool of their own run on workers of another {@code worker.WorkerGroup}, with a ranking and a waiting room of
 * their own ({@code dispatch.Pool}); what a function was found as decides in which. Each generation has a part for each pool, which
 * {@code lifecycle.PoolKeeper} starts and ends. Where files come into force by themselves, functions whose pools are others
 * ({@code functions.HeldFunctions}) wait for the generation that has them, too.
 *
 * <h2>What keeps requests from being lost</h2>
 *
 * A slot is free only when its child has proven that it is: by END_REQUEST, or by {@code slot.Proof} on a new connection. An invocation
 * that has to wait enters the waiting room before it tries once more to claim a slot; a slot that becomes free is published before
 * the waiting room is looked into. A script that vanished between scan and start provably did not run, so it is looked up again. A
 * request of which the kernel did not take all the PARAMS did not run either, and is run once more ({@code gateway.Attempts}). A stop
 * closes the port first and answers all requests whose head was read.
 */
@NullMarked
package dev.relais;

import org.jspecify.annotations.NullMarked;
