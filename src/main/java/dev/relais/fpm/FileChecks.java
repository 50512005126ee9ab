package dev.relais.fpm;

/** When opcache asks the disk whether the file of a script that it holds has changed. */
enum FileChecks {
    /** At each request, for each file. */
    EACH_REQUEST("1", "0", "2"),
    /** Every two seconds at most; of changes in the functions directory it is told, see {@link OpcacheNotice}. */
    TOLD("1", "2", "2"),
    /** Never: the code stays for the life of the master. A young file must not be left out of the cache, to be read when it has changed. */
    NEVER("0", "0", "0");

    final String validateTimestamps;
    final String revalidateFreq;
    final String fileUpdateProtection;

    FileChecks(String validateTimestamps, String revalidateFreq, String fileUpdateProtection) {
        this.validateTimestamps = validateTimestamps;
        this.revalidateFreq = revalidateFreq;
        this.fileUpdateProtection = fileUpdateProtection;
    }
}
