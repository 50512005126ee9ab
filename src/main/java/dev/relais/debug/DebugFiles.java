package dev.relais.debug;

import dev.relais.worker.WorkerGroup;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the debug lane has written, for the console. Each method may block. Any thread. */
@Singleton
public final class DebugFiles {
    private final Lanes lanes;
    private final WorkerGroup group;
    private final DebugLaneConfig config;

    DebugFiles(Lanes lanes, WorkerGroup group, DebugLaneConfig config) {
        this.lanes = lanes;
        this.group = group;
        this.config = config;
    }

    /** How many requests are debugged now, by mode; empty when none can be. */
    public Map<String, Integer> modes() {
        Map<String, Integer> modes = new LinkedHashMap<>();
        for (Lane lane : lanes.all()) {
            modes.put(lane.mode().word(), lane.running());
        }
        return modes;
    }

    /** The profiles and traces, the newest first. Deletes those beyond the bounds. */
    public List<KeptFile> list() throws IOException {
        if (lanes.all().isEmpty()) {
            return List.of();
        }
        KeptFiles files = files();
        files.bound(config);
        return files.list();
    }

    /** @throws NoSuchFileException when there is no such file */
    public InputStream open(String name) throws IOException {
        return Channels.newInputStream(checked().open(name));
    }

    /**
     * The calls of a profile.
     *
     * @throws NoSuchFileException when there is no such file
     * @throws IOException when it is no profile
     */
    public CallNode calls(String name) throws IOException {
        try (InputStream in = open(name)) {
            return Cachegrind.read(new BoundedLines(in));
        }
    }

    private KeptFiles checked() throws NoSuchFileException {
        if (lanes.all().isEmpty()) {
            throw new NoSuchFileException("none");
        }
        return files();
    }

    private KeptFiles files() {
        return KeptFiles.of(group, lanes::isRunning);
    }
}
