package dev.relais.files;

import dev.relais.http.FileCodings;
import dev.relais.http.GatewayConfig;
import dev.relais.process.WorkerUser;
import io.netty.channel.EventLoop;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * What all deliveries of files share.
 *
 * @param folders out of which functions may have files sent
 * @param opener opens files with the rights of PHP's user
 * @param offload the threads that do what blocks
 * @param places finds the files of folders that are served whole
 */
public record FileAccess(SendfileFolders folders, FileOpener opener, Offload offload, FilePlaces places) {
    public static FileAccess of(SendfileFolders folders, FileOpener opener, FileThreads threads, GatewayConfig config) {
        FilePlaces places = new FilePlaces(
                opener, FileCodings.of(config), config.fileMemory().asLongValue(), System::nanoTime, Instant::now);
        return new FileAccess(folders, opener, threads, places);
    }

    /** The same with the rights of another user. */
    public FileAccess with(WorkerUser php) {
        FileOpener other = opener.with(php);
        return new FileAccess(folders, other, offload, places.with(other));
    }

    /** Has the files closed that are kept open, once they are too old. */
    void sweepLater(EventLoop loop) {
        if (places.needsSweep()) {
            sweepIn(loop);
        }
    }

    private void sweepIn(EventLoop loop) {
        Runnable sweep = () -> offload.read(places::sweep, loop, (more, failure) -> {
            if (failure != null || more) {
                sweepIn(loop); // all threads may be busy now
            }
        });
        loop.schedule(sweep, KeptPlaces.MOST_NANOS, TimeUnit.NANOSECONDS);
    }

    /** Other folders are served from now on, or by other rules. */
    public void changed() {
        places.clear();
    }
}
