package dev.relais.functions;

import java.nio.file.Path;

/** Sees what changes in a set of folders. For one thread. */
interface FolderWatch extends AutoCloseable {
    /** Told what was seen. */
    interface Sink {
        /** This file is another one, is new, or is gone. */
        void changed(Path file);

        /** This folder is new, and is followed now with all below. */
        void arrived(Path folder);

        /** A symlink is there that was not, or folders that are not followed. */
        void moreFolders();

        /** Anything may have changed. */
        void unknown();
    }

    /** Waits until something has changed, at most for so long, and tells all that is known then. */
    void await(long nanos, Sink sink) throws InterruptedException;

    /** Follows this folder, too, with all below, and tells what is in it as changed; does nothing where all folders are looked at. */
    void follow(Path folder, Sink sink);

    @Override
    void close();
}
