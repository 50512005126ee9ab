package dev.relais.slot;

import dev.relais.events.Events;
import dev.relais.fastcgi.FinishMark;
import dev.relais.process.ProcReader;
import dev.relais.process.ProcessEnder;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What all slots of a group have in common.
 *
 * @param proofScript the script of Relais' own that answers with its process number
 * @param ender ends the child whose time is up
 * @param proc tells which processes still run
 * @param control runs what may block, such as calls of process handles; never an event loop
 * @param mark the message by which a script says that its answer is complete
 * @param recycling decides when a child that works is replaced
 * @param uploads where children keep the files of uploads
 * @param errors the pipes by which children write their standard error to the gateway
 * @param headLimit the most bytes of a response head
 * @param keepsAfterBody whether a connection may carry another exchange after one with a body, see
 *     {@link WorkerLauncher#keepsAfterBody}
 * @param residence what children need that keep their application in memory; null for others
 * @param events receives an event for each child that a signal has ended
 * @param nanos the clock of intervals, as {@link System#nanoTime}
 */
public record SlotContext(
        Path proofScript,
        ProcessEnder ender,
        ProcReader proc,
        Executor control,
        FinishMark mark,
        Recycling recycling,
        UploadFolders uploads,
        ErrorPipes errors,
        int headLimit,
        boolean keepsAfterBody,
        @Nullable Residence residence,
        Events events,
        LongSupplier nanos) {}
