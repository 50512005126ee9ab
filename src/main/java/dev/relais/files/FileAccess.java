package dev.relais.files;

/**
 * What all deliveries of files share.
 *
 * @param folders out of which functions may have files sent
 * @param opener opens files with the rights of PHP's user
 * @param offload the threads that do what blocks
 */
public record FileAccess(SendfileFolders folders, FileOpener opener, Offload offload) {}
