package dev.relais.fpm;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An extension of PHP that is known to break something here, or to slow everything down. It is recognised by a setting that it alone has.
 */
enum TroublesomeExtension {
    XDEBUG(
            "xdebug",
            "xdebug.mode",
            "each request takes several times as long, opcache's JIT is off, and a step debugger holds a child for as long as somebody looks"),
    PCOV("pcov", "pcov.enabled", "it counts each line that runs, for tests"),
    UOPZ("uopz", "uopz.disable", "it replaces functions and exit, so scripts go on where they should have ended"),
    RUNKIT(
            "runkit7",
            "runkit.internal_override",
            "functions that it has replaced stay replaced for the next request of the child"),
    SWOOLE(
            "swoole",
            "swoole.use_shortname",
            "its coroutines and servers do not work in PHP-FPM, and its hooks change how streams behave"),
    OPENSWOOLE("openswoole", "openswoole.use_shortname", "as swoole"),
    GRPC(
            "grpc",
            "grpc.enable_fork_support",
            "its threads do not survive the fork of a child, so calls hang; grpc.enable_fork_support=1 and"
                    + " grpc.poll_strategy=poll mend that"),
    IONCUBE("ioncube", "ioncube.loader.encoded_paths", "opcache cannot preload encoded files, and its JIT is off"),
    SOURCE_GUARDIAN("sourceguardian", "sourceguardian.restrict_unencoded", "as ioncube"),
    NEW_RELIC(
            "newrelic",
            "newrelic.daemon.dont_launch",
            "its daemon is started by a child and inherits what that has open; newrelic.daemon.dont_launch=3 mends that");

    final String extension;
    final String consequence;
    private final String setting;

    TroublesomeExtension(String extension, String setting, String consequence) {
        this.extension = extension;
        this.setting = setting;
        this.consequence = consequence;
    }

    /** Those that this PHP has and that are not switched off. */
    static List<TroublesomeExtension> of(PhpFacts facts) {
        List<TroublesomeExtension> loaded = new ArrayList<>();
        for (TroublesomeExtension one : values()) {
            if (facts.told() && facts.knows(one.setting) && !one.isOff(facts.value(one.setting))) {
                loaded.add(one);
            }
        }
        return loaded;
    }

    private boolean isOff(@Nullable String value) {
        return switch (this) {
            case XDEBUG -> "off".equals(value);
            case PCOV -> "0".equals(value) || "Off".equals(value);
            case UOPZ, GRPC -> "1".equals(value) || "On".equals(value);
            case NEW_RELIC -> "3".equals(value);
            default -> false;
        };
    }
}
