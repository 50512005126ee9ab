package dev.relais.console;

import dev.relais.ConfigurationProblem;
import dev.relais.LogText;
import dev.relais.PlainFile;
import dev.relais.process.WorkerUser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The token that an action needs, of which only the SHA-256 is kept. PHP often runs as the gateway's own user and can then read
 * the gateway's environment (through /proc) and files. So a token in plain text in the environment is refused, and one in a
 * file gets a warning. Immutable.
 */
final class ManagementToken {
    private static final Logger LOG = Logger.getLogger(ManagementToken.class);
    static final String KEY = "relais.management.token";
    static final String FILE_KEY = "relais.management.token-file";
    private static final String VARIABLE = "RELAIS_MANAGEMENT_TOKEN";
    private static final String HASHED = "sha256:";
    private static final String HOW_TO_HASH =
            "printf %s \"$TOKEN\" | sha256sum makes the hash; clients send the token itself";
    private static final int LONGEST_FILE = 4_096;

    private final byte @Nullable [] hash; // null when there is no token

    private ManagementToken(byte @Nullable [] hash) {
        this.hash = hash;
    }

    /**
     * Reads the file, if one is named.
     *
     * @param environment of the gateway
     * @param shared whether PHP runs as the gateway's own user
     * @throws ConfigurationProblem when a key has no token, or one that PHP would see
     */
    static ManagementToken of(ManagementConfig config, Map<String, String> environment, boolean shared) {
        Optional<String> token = config.token();
        if (config.tokenFile().isPresent()) {
            if (token.isPresent()) {
                throw new ConfigurationProblem(
                        FILE_KEY, config.tokenFile().get(), KEY + " is set as well", "keep one of them");
            }
            return ofFile(config.tokenFile().get(), shared);
        }
        if (token.isEmpty()) {
            return new ManagementToken(null);
        }
        String text = token.get().strip();
        if (shared && !text.startsWith(HASHED) && holds(environment, text)) {
            throw new ConfigurationProblem(
                    KEY,
                    "(hidden)",
                    "PHP runs as the gateway's own user and can read it in the environment (/proc/<pid>/environ)",
                    "set it to " + HASHED + "<hash>, or name a file with that in " + FILE_KEY + ": " + HOW_TO_HASH);
        }
        return new ManagementToken(hash(KEY, "(hidden)", text));
    }

    /** @throws ConfigurationProblem when the variable of the token would be passed on to PHP */
    static void checkWithheld(List<String> passed) {
        if (passed.contains(VARIABLE) || passed.contains(KEY)) {
            throw new ConfigurationProblem(
                    "relais.workers.environment",
                    String.join(",", passed),
                    VARIABLE + " is not for PHP, which could act by the management port with it",
                    "leave it out");
        }
    }

    private static boolean holds(Map<String, String> environment, String token) {
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            if (variable.getKey().equals(VARIABLE)
                    || variable.getKey().equals(KEY)
                    || variable.getValue().contains(KEY + "=" + token)) { // such as in JAVA_TOOL_OPTIONS
                return true;
            }
        }
        return false;
    }

    private static ManagementToken ofFile(Path file, boolean shared) {
        String text;
        try {
            if (!Files.isRegularFile(file)) { // reading a named pipe would never end
                throw new ConfigurationProblem(FILE_KEY, file, "is no file", "name a file with the token");
            }
            byte[] bytes = PlainFile.read(file, LONGEST_FILE + 1); // a named pipe may have taken its place meanwhile
            if (bytes.length > LONGEST_FILE) {
                throw new ConfigurationProblem(
                        FILE_KEY, file, "is longer than " + LONGEST_FILE + " bytes", "write nothing but the token");
            }
            text = new String(bytes, StandardCharsets.ISO_8859_1).strip();
            int mode = (Integer) Files.getAttribute(file, "unix:mode");
            if (!text.startsWith(HASHED) && (shared || (mode & 04) != 0)) {
                LOG.warnf(
                        "PHP can read the token of the management port, so write %s<hash> into its file instead (%s): %s=%s",
                        HASHED, HOW_TO_HASH, FILE_KEY, LogText.value(file));
            }
        } catch (IOException e) {
            throw new ConfigurationProblem(
                    FILE_KEY, file, "cannot be read (" + e + ")", "let the gateway's user read it");
        }
        return new ManagementToken(hash(FILE_KEY, file, text));
    }

    private static byte[] hash(String key, Object shown, String text) {
        if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new ConfigurationProblem(
                    key,
                    shown,
                    "there is no token in it, or more than one line or word",
                    "make one with: openssl rand -hex 32");
        }
        if (!text.startsWith(HASHED)) {
            return sha256(text);
        }
        String hex = text.substring(HASHED.length());
        if (!hex.matches("[0-9A-Fa-f]{64}")) {
            throw new ConfigurationProblem(
                    key, shown, HASHED + " is not followed by 64 hexadecimal digits", HOW_TO_HASH);
        }
        return HexFormat.of().parseHex(hex);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    boolean isSet() {
        return hash != null;
    }

    /** Compares in constant time, so that the time does not show how much of a token is right. */
    boolean is(String candidate) {
        return hash != null && MessageDigest.isEqual(hash, sha256(candidate));
    }

    /** Whether PHP runs as the user of the gateway. */
    static boolean isUserShared() {
        try {
            return !WorkerUser.switches();
        } catch (IOException e) {
            return true;
        }
    }
}
