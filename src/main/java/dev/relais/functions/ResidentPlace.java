package dev.relais.functions;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the application of a resident function is.
 *
 * @param folder the real path of the function's folder; of a function that is one file, the folder that has this file
 * @param script the real path of the script that boots it, where it would be when it is not there; null for the application in the
 *     folder
 */
public record ResidentPlace(Path folder, @Nullable Path script) {}
