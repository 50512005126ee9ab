package dev.relais.fpm;

import dev.relais.LogText;
import dev.relais.slot.UploadFolders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Decides where the children's folders for uploads are, which is below the folder that PHP would use by itself. */
final class UploadPlace {
    private static final Logger LOG = Logger.getLogger(UploadPlace.class);

    /** Paths that mean the same within quotes in an ini file and in a list of paths. */
    private static final Pattern PLAIN = Pattern.compile("/[A-Za-z0-9/._+@,=~ -]*");

    private UploadPlace() {}

    /**
     * The folders below the one that PHP would use; none where that is not known or PHP cannot create a folder.
     *
     * @param temporary the TMPDIR that PHP sees; null for none
     * @param name {@code relais-<pid>-<random>}, which no other user can know before PHP has created the folder
     */
    static UploadFolders folders(PhpFacts facts, @Nullable String temporary, String name) {
        String disabled = facts.value("disable_functions");
        if (!facts.told()
                || disabled != null
                        && Pattern.compile("\\bmkdir\\b").matcher(disabled).find()) {
            return UploadFolders.NONE;
        }
        String usual = facts.value("sys_temp_dir");
        usual = usual != null ? usual : temporary != null ? temporary : "/tmp";
        String configured = facts.value("upload_tmp_dir");
        if (configured != null && !Files.isDirectory(Path.of(configured))) {
            LOG.warnf(
                    "PHP's upload_tmp_dir is no directory, so uploads are kept elsewhere, create it or name another one:"
                            + " upload_tmp_dir=%s used=%s",
                    LogText.value(configured), LogText.value(usual));
            configured = null;
        }
        String place = configured != null ? configured : usual;
        if (!PLAIN.matcher(place).matches() || !Files.isDirectory(Path.of(place))) {
            return UploadFolders.NONE;
        }
        return UploadFolders.below(Path.of(place), name);
    }
}
