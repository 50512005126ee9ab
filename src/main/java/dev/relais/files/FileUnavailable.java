package dev.relais.files;

import java.io.IOException;

/** No file can be opened now, or none in its folder, whatever file it is; a later request may get it. */
final class FileUnavailable extends IOException {
    FileUnavailable(String reason) {
        super(reason);
    }
}
