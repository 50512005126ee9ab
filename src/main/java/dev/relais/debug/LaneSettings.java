package dev.relais.debug;

import dev.relais.process.WorkerUser;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;

/** The PHP settings of the workers of a lane, and the folder that Xdebug writes into. */
final class LaneSettings {
    private static final String FOLDER = "debug";

    private final DebugLaneConfig config;

    LaneSettings(DebugLaneConfig config) {
        this.config = config;
    }

    /** Whether the extension is Xdebug; any other one gets the configured settings alone. */
    boolean isXdebug() {
        String file = config.extension().substring(config.extension().lastIndexOf('/') + 1);
        return file.equals("xdebug") || file.equals("xdebug.so");
    }

    /** Where profiles and traces are, which need not exist. */
    static Path folder(Path runDirectory) {
        return runDirectory.resolve(FOLDER);
    }

    /** The settings of a mode. Makes the folder, if it is missing; blocks. */
    Map<String, String> of(DebugMode mode, Path runDirectory, WorkerUser user) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        if (isXdebug()) {
            settings.put("xdebug.mode", mode.xdebug);
            // By the cookie that the gateway adds: what Relais itself runs, such as the question for the process id, is
            // not debugged.
            settings.put("xdebug.start_with_request", "trigger");
            settings.put("xdebug.client_host", config.clientHost());
            settings.put("xdebug.client_port", Integer.toString(config.clientPort()));
            settings.put("xdebug.output_dir", made(runDirectory, user).toString());
            settings.put("xdebug.use_compression", "0");
            settings.put("xdebug.profiler_output_name", DebugMode.FILES.get(DebugMode.PROFILE) + "%p.%u");
            settings.put("xdebug.trace_output_name", DebugMode.FILES.get(DebugMode.TRACE) + "%p.%u");
        }
        settings.putAll(config.phpSettings());
        return settings;
    }

    /** PHP's user may write files there, whose names nobody else can list. */
    private static Path made(Path runDirectory, WorkerUser user) throws IOException {
        Path folder = folder(runDirectory);
        if (!Files.isDirectory(folder)) {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            if (user.switched()) {
                Files.getFileAttributeView(folder, PosixFileAttributeView.class)
                        .setGroup(FileSystems.getDefault()
                                .getUserPrincipalLookupService()
                                .lookupPrincipalByGroupName(user.group()));
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx-wx---"));
            }
        }
        return folder;
    }
}
