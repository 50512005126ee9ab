/**
 * The PHP-FPM processes: the supervised group of workers and everything one worker needs around it.
 *
 * <p>One process and its surroundings: {@link dev.relais.worker.WorkersConfig} says what to run, {@code PhpFpm} finds the program,
 * {@link dev.relais.worker.WorkerUser} the user it serves as, {@code RunDirectory} the private place of its sockets, {@code FpmConfigFile}
 * writes its configuration, {@code FpmMaster} starts and ends it, {@code FpmLog} reads what it says, {@code ProcReader} what the kernel
 * says about it, and {@code Guard} ends all of it when the gateway is gone without a word.
 *
 * <p>The workers of one version of the code are a {@link dev.relais.worker.Generation}; what a new one does before it serves are
 * {@link dev.relais.worker.Trial}s, of which {@link dev.relais.worker.Compilation} is one. {@link dev.relais.worker.Generations} is where
 * anybody asks for a new one; the order of a switch stands in {@code lifecycle.Succession}.
 *
 * <p>Walls: this package may import {@code dev.relais.fastcgi} and the root package, nothing else of Relais. Process control is only here.
 *
 * <p>Threads: starting, checking, finding and reading {@code /proc} block; they belong on the supervisor's thread, the sampler's, or the
 * thread of the start, never on an event loop. What takes time to end (a master, its group) runs on a daemon thread of its own and is
 * given back as a stage.
 */
package dev.relais.worker;
