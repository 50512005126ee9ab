package dev.relais.files;

import dev.relais.http.Compression;
import dev.relais.http.MemoryBudget;

/**
 * What all deliveries of files share.
 *
 * @param folders out of which functions may have files sent
 * @param opener opens files with the rights of PHP's user
 * @param offload the threads that do what blocks
 * @param compression null: off
 * @param memory what answers may take of it
 */
public record FileAccess(
        SendfileFolders folders, FileOpener opener, Offload offload, Compression compression, MemoryBudget memory) {}
