/**
 * What a native executable would lose in silence: service files that no one registers, and system properties that are read when it is built.
 * These tests read the class path, so they find out without building one; {@code packaged.ExecutableIT} asks the executable.
 */
package dev.relais.executable;
