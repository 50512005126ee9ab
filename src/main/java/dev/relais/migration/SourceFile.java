package dev.relais.migration;

import dev.relais.ConfigurationProblem;
import dev.relais.PlainFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A file of configuration. What cannot be read becomes a {@link ConfigurationProblem}, which is one line.
 *
 * @param name as messages name it
 * @param text with line feeds alone at the ends of lines, without a byte order mark
 */
record SourceFile(String name, String text) {
    /** All documented configurations are below 100 KB. */
    static final int MOST_BYTES = 4 << 20;

    /**
     * Reads a file. Blocks.
     *
     * @param mode for the problem, such as {@code import nginx}
     */
    static SourceFile read(String mode, Path file) {
        String name = String.valueOf(file.getFileName());
        try {
            if (Files.isDirectory(file)) {
                throw new ConfigurationProblem(mode, file, "is a folder", "name a file");
            }
            byte[] bytes = PlainFile.read(file, MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new ConfigurationProblem(
                        mode, file, "has more than " + (MOST_BYTES >> 20) + " MiB", "name a file of configuration");
            }
            return of(mode, name, new String(bytes, StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            throw new ConfigurationProblem(mode, file, "is not there", "name a file of configuration");
        } catch (AccessDeniedException e) {
            throw new ConfigurationProblem(mode, file, "may not be read by this user", "look at its rights");
        } catch (IOException e) {
            throw new ConfigurationProblem(mode, file, "cannot be read: " + e.getMessage(), "name a plain file");
        }
    }

    static SourceFile of(String mode, String name, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new ConfigurationProblem(mode, name, "is no text", "name a file of configuration in UTF-8");
        }
        String whole = text.startsWith("\uFEFF") ? text.substring(1) : text;
        return new SourceFile(name, whole.replace("\r\n", "\n").replace('\r', '\n'));
    }

    /** A problem at a line of this file, from 1. */
    ConfigurationProblem problem(String mode, int line, String problem, String remedy) {
        String plain = problem.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]+", " ");
        String brief =
                plain.length() <= 160 ? plain : plain.substring(0, 80) + "..." + plain.substring(plain.length() - 60);
        return new ConfigurationProblem(mode, name + " line " + line, brief, remedy);
    }
}
