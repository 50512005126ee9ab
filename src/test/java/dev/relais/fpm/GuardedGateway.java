package dev.relais.fpm;

import dev.relais.slot.UploadFolders;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A gateway's processes under a separate JVM, which {@link GuardTest} kills. It prints its masters, a child that exec()ed, and
 * the directory.
 */
final class GuardedGateway {
    private GuardedGateway() {}

    @SuppressWarnings("resource") // Nothing is closed: this JVM is killed.
    public static void main(String[] arguments) throws Exception {
        PhpHost host = new PhpHost();
        Guard guard = Guard.start(host.directory, UploadFolders.NONE, ProcessBuilder::start);
        Path sleep = host.script("sleep.php", "<?php exec('sleep 1000');");
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            FpmMaster master = host.start(host.launch(List.of(), Map.of(), Map.of()));
            SocketChannel running = TestFastCgi.send(master.socket(), sleep);
            line.append(master.pid()).append(running.isOpen() ? " " : "");
        }
        System.out.println(line + "" + guard.pid() + " " + host.directory.path());
        Thread.currentThread().join();
    }
}
