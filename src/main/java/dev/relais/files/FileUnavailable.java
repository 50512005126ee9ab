package dev.relais.files;

import java.io.IOException;

/** No file, or no file in this folder, can be opened now. A later request may get the file. */
class FileUnavailable extends IOException {
    FileUnavailable(String reason) {
        super(reason);
    }
}
