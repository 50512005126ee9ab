package dev.relais.files;

import dev.relais.http.AcceptEncoding;
import dev.relais.http.ContentCoding;
import dev.relais.http.FileCodings;
import dev.relais.sites.PathSettings;
import dev.relais.sites.Place;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds what answers the requests to folders that are served whole, and prepares files: small ones are read, compressible ones are
 * compressed for clients that take that, and what is in memory is kept for a moment. Any thread.
 */
final class FilePlaces {
    /** Files up to this size are read at once, and go out with their head in one write. */
    static final int SMALL = 64 << 10;

    /** Those that a site may have files in. */
    private static final List<String> PRECOMPRESSED = List.of("br", "zstd", "gzip");

    /** How many files are compressed at a time, since each takes memory and a processor. */
    private static final int CODERS = 2;
    /** How many more wait for that, since each takes one of the threads that find all files and scripts. */
    private static final int WAITING = 4;
    /** A client that would wait for longer gets the file as it is, as do those beyond that many. */
    private static final long WAIT_MILLIS = 250;

    private final FileOpener opener;
    private final FileCodings codings;
    private final boolean keeps;
    private final KeptPlaces kept;
    private final CodedForms forms;
    private final LongSupplier nanos;
    private final InstantSource clock;
    private final AtomicBoolean sweeping;
    private final Semaphore coders;
    private final Semaphore waiting;

    /**
     * @param memory bytes for what is kept, half for files and half for compressed forms; 0 keeps nothing
     * @param nanos as {@link System#nanoTime}
     */
    FilePlaces(FileOpener opener, FileCodings codings, long memory, LongSupplier nanos, InstantSource clock) {
        this.opener = opener;
        this.codings = codings;
        this.keeps = memory > 0;
        this.kept = new KeptPlaces(memory / 2, nanos);
        this.forms = new CodedForms(memory / 2);
        this.nanos = nanos;
        this.clock = clock;
        this.sweeping = new AtomicBoolean();
        this.coders = new Semaphore(CODERS);
        this.waiting = new Semaphore(WAITING);
    }

    private FilePlaces(FileOpener opener, FilePlaces shared) {
        this.opener = opener;
        this.codings = shared.codings;
        this.keeps = shared.keeps;
        this.kept = shared.kept;
        this.forms = shared.forms;
        this.nanos = shared.nanos;
        this.clock = shared.clock;
        this.sweeping = shared.sweeping;
        this.coders = shared.coders;
        this.waiting = shared.waiting;
    }

    /**
     * The same memory for folders whose files this one opens. What is kept is found again by the folder's settings alone, and each form by a file
     * that was opened before, so that nobody gets what its own user may not read.
     */
    FilePlaces with(FileOpener other) {
        return new FilePlaces(other, this);
    }

    /** What was found a moment ago; null when it has to be found. Of a file that is open the length has to be looked at. */
    @Nullable
    ApplicationPlace kept(Demand demand) {
        Demand.Key key = keeps ? demand.key() : null;
        ApplicationPlace found = key == null ? null : kept.get(key);
        return found == null || found.file() != null
                ? found
                : found.at(found.place().asking(demand.asked().query()));
    }

    /** Forgets what was found. */
    void clear() {
        kept.clear();
    }

    /** Finds what answers, on a thread for files. Blocks, but for no longer than opening and reading a small file takes. */
    ApplicationPlace find(Demand demand, Opening opening) throws IOException {
        long began = nanos.getAsLong();
        List<String> taken = demand.application().rules().hasPrecompressed()
                ? AcceptEncoding.taken(demand.accepted(), PRECOMPRESSED)
                : List.of();
        ApplicationPlace found =
                ApplicationPlace.find(demand.application(), demand.asked(), taken, opener, opening, began);
        boolean isReady = false;
        try {
            ApplicationPlace prepared = prepared(found, demand);
            ApplicationPlace ready = prepared.wish() == null ? finished(prepared, demand) : prepared;
            isReady = true;
            return ready;
        } finally {
            if (!isReady) {
                OpenFile.close(found.file());
            }
        }
    }

    private ApplicationPlace prepared(ApplicationPlace found, Demand demand) throws IOException {
        OpenFile file = found.file();
        Place place = found.place();
        if (file == null || place.status() != 0) {
            return found; // an error's page goes out as it is
        }
        FileFields fields = FileFields.of(file.name(), place.settings(), found.coding());
        List<ContentCoding> offered = found.coding() == null && isCompressible(fields.type(), place.settings())
                ? codings.of(place.settings().compress(), demand.application().site() != null)
                : List.of();
        if (offered.isEmpty() || !keeps || file.size() > FileCodings.MOST) {
            boolean isForWriter = !offered.isEmpty() && place.settings().compress() == null;
            return found.with(isForWriter ? fields : fields.asItIs(false));
        }
        ContentCoding coding = demand.isPlain() || file.size() < FileCodings.LEAST
                ? null
                : FileCodings.best(demand.accepted(), offered);
        ApplicationPlace decided = found.with(fields.asItIs(true));
        if (coding == null) {
            return decided;
        }
        Inode known = known(place.real(), file);
        CodedForms.Form form = known == null ? null : forms.get(known, coding);
        return form == null ? decided.wishing(new ApplicationPlace.Wish(coding, known)) : inForm(decided, coding, form);
    }

    /** By what a form of the file is found again; null while another file may take the same name for its own. */
    private @Nullable Inode known(Path real, OpenFile file) {
        try {
            Inode inode = Inode.of(real, clock.instant());
            return inode.key().equals(file.key()) && inode.isSettled() ? inode : null;
        } catch (IOException e) {
            return null; // it has gone from there, but is open
        }
    }

    private boolean isCompressible(String type, PathSettings settings) {
        if (!codings.takes(type)) {
            return false;
        }
        for (Map.Entry<String, String> field : settings.headers().entrySet()) {
            if (field.getKey().equalsIgnoreCase("Cache-Control")
                    && field.getValue().toLowerCase(Locale.ROOT).contains("no-transform")) {
                return false;
            }
        }
        return true;
    }

    /** The place with its file compressed, or as it is where that does not make it smaller. */
    private static ApplicationPlace inForm(ApplicationPlace plain, ContentCoding coding, CodedForms.Form form) {
        FileBytes bytes = form.bytes();
        if (bytes == null) {
            return plain;
        }
        OpenFile file = Objects.requireNonNull(plain.file());
        file.close();
        FileFields fields = Objects.requireNonNull(plain.fields()).compressed(coding.token());
        return plain.of(file.inMemory(bytes)).with(fields);
    }

    /** Reads a small file, and keeps what is in memory or open, or a script. */
    private ApplicationPlace finished(ApplicationPlace found, Demand demand) throws IOException {
        OpenFile file = found.file();
        Demand.Key key = keeps ? demand.key() : null;
        if (file == null || found.fields() == null || found.failure() != null) {
            if (key != null && file == null && demand.isAnsweredBy(found.place())) {
                kept.put(key, found, null, 0, found.beganNanos());
            } else if (key != null) {
                kept.remove(key);
            }
            return found;
        }
        boolean isRead = file.bytes() == null && file.size() <= SMALL && isDecided(found);
        ApplicationPlace ready = isRead ? found.of(file.read()) : found;
        OpenFile own = key == null ? null : Objects.requireNonNull(ready.file()).shared();
        if (key != null && own != null) {
            FileBytes memory = own.bytes();
            kept.put(key, ready, own, memory == null ? 0 : memory.length(), found.beganNanos());
        }
        return ready;
    }

    /**
     * Looks whether a file that was kept open is still as long as it was; otherwise finds it anew. Blocks as {@link #find} does.
     *
     * @param open is closed when this throws
     */
    ApplicationPlace checked(ApplicationPlace open, Demand demand, Opening opening) throws IOException {
        OpenFile file = Objects.requireNonNull(open.file());
        boolean isWhole = false;
        try {
            opening.enters(Objects.requireNonNull(open.place().real().getParent()));
            isWhole = isWhole(file);
        } finally {
            if (!isWhole) {
                file.close();
            }
        }
        return isWhole ? open : find(demand, opening);
    }

    private static boolean isWhole(OpenFile file) {
        try {
            return file.isWhole();
        } catch (IOException e) {
            // The server of a network file system may have removed it, and another file may be at its path.
            return false;
        }
    }

    /** Whether nobody gives back what is kept, so that the caller has to {@link #sweep} in a while. */
    boolean needsSweep() {
        return !kept.isEmpty() && sweeping.compareAndSet(false, true);
    }

    /**
     * Gives back, and closes, what was kept for longer than it may be given.
     *
     * @return whether to call this again in a while
     */
    boolean sweep() {
        kept.sweep();
        if (!kept.isEmpty()) {
            return true;
        }
        sweeping.set(false);
        return needsSweep(); // one may have come meanwhile
    }

    private static boolean isDecided(ApplicationPlace found) {
        return Objects.requireNonNull(found.fields()).isDecided();
    }

    /**
     * Compresses the file as the place {@linkplain ApplicationPlace#wish wishes}, on a thread for files, or leaves it as it is where too
     * many others are compressed. Blocks for as long as that takes.
     *
     * @throws IOException when it cannot be read; the file is not closed then
     */
    ApplicationPlace coded(ApplicationPlace found, Demand demand) throws IOException, InterruptedException {
        ApplicationPlace.Wish wish = Objects.requireNonNull(found.wish());
        ApplicationPlace plain = found.wishing(null);
        CodedForms.Form form = made(wish);
        if (form == null) {
            if (!coders.tryAcquire() && !waited()) {
                return plain;
            }
            try {
                form = made(wish); // perhaps meanwhile
                form = form == null ? code(Objects.requireNonNull(found.file()), wish) : form;
            } finally {
                coders.release();
            }
        }
        return finished(inForm(plain, wish.coding(), form), demand);
    }

    private CodedForms.@Nullable Form made(ApplicationPlace.Wish wish) {
        return wish.inode() == null ? null : forms.get(wish.inode(), wish.coding());
    }

    private boolean waited() throws InterruptedException {
        if (!waiting.tryAcquire()) {
            return false;
        }
        try {
            return coders.tryAcquire(WAIT_MILLIS, TimeUnit.MILLISECONDS);
        } finally {
            waiting.release();
        }
    }

    private CodedForms.Form code(OpenFile file, ApplicationPlace.Wish wish) throws IOException {
        ByteBuf coded = FileCodings.code(wish.coding(), file.read(0, (int) file.size()));
        CodedForms.Form form = new CodedForms.Form(coded.readableBytes() < file.size() ? new FileBytes(coded) : null);
        if (wish.inode() != null && file.isWhole()) {
            forms.put(wish.inode(), wish.coding(), form);
        }
        return form;
    }
}
