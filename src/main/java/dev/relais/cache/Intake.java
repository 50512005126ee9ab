package dev.relais.cache;

import org.jspecify.annotations.Nullable;

/** Takes in an answer that is to be stored, piece by piece, and stores it when it is complete. Confined to the request's event loop. */
final class Intake {
    /** An answer that others read while it arrives may become so many times too large until it is broken off. */
    private static final int FAR_TOO_LARGE = 4;

    private final CacheCore cache;
    private final Region region;
    private final Asking asking;
    private @Nullable Recording recording; // null while nothing is to be stored
    private String primary = "";
    private long announced = -1;
    private long taken;

    Intake(CacheCore cache, Region region, Asking asking) {
        this.cache = cache;
        this.region = region;
        this.asking = asking;
    }

    /**
     * @param key the primary part of its key
     * @param head the answer without its content
     * @param length of its body; -1 when it is not announced
     */
    void begin(String key, Stored head, long length) {
        primary = key;
        announced = length;
        taken = 0;
        recording = new Recording(head, length, cache.maxObject());
    }

    boolean isRunning() {
        return recording != null;
    }

    /** How many of these bytes belong to the body: no more than were announced. */
    int wanted(int length) {
        int wanted = announced < 0 ? length : (int) Math.min(length, announced - taken);
        taken += wanted;
        return wanted;
    }

    void body(byte[] piece) {
        Recording running = recording;
        if (running == null || running.add(piece)) {
            return;
        }
        boolean read = running.isFollowed() || asking.isFollowed();
        if (!read || running.length() > FAR_TOO_LARGE * cache.maxObject()) {
            drop(NotStored.TOO_LARGE);
        }
    }

    /** What has come so far is given to those who follow. */
    void pieceIsComplete() {
        Recording running = recording;
        if (running != null) {
            asking.arrives(running);
            running.tell();
        }
    }

    boolean isFollowed() {
        Recording running = recording;
        return running != null && running.isFollowed();
    }

    /** The answer is complete. Without one that is to be stored nothing happens. */
    void whole() {
        Recording running = recording;
        if (running == null) {
            return;
        }
        if (announced >= 0 && running.length() != announced && running.head().status() != 204) {
            drop(NotStored.INCOMPLETE);
            return;
        }
        recording = null;
        Stored stored = running.head().withContent(running.content(cache.memory()));
        keep(stored, running.length() <= cache.maxObject());
        running.end(stored);
        asking.isShared();
        asking.arrives(running);
    }

    private void keep(Stored stored, boolean fits) {
        if (!fits) {
            region.counts().notStored(NotStored.TOO_LARGE);
        } else if (!asking.isCurrent(primary, stored)) {
            region.counts().notStored(NotStored.OUTDATED);
        } else {
            if (!region.hasEverStored()) {
                cache.firstIsStored(region);
            }
            region.put(primary, stored);
            region.counts().stored();
            cache.regions().settle(region);
            cache.isStored(region, primary, stored);
            cache.shared().store(region.function(), primary, stored);
        }
    }

    /** What has come is not kept, and those who follow see that it is broken. */
    void drop(NotStored reason) {
        Recording running = discard();
        if (running != null) {
            asking.isNotStored(reason, reason.isLasting());
        }
    }

    /** Forgets what has come. */
    @Nullable
    Recording discard() {
        Recording running = recording;
        recording = null;
        if (running != null) {
            running.breakOff();
        }
        return running;
    }
}
