package dev.relais.functions;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The PHP processes of its own that {@code functions.yaml} gives to a function or a site, or to several. Two that are equal need no other
 * processes.
 *
 * @param name by which meters, status and log call it: as it is written under {@code pools}, or {@code site:<name>} or
 *     {@code function:<name>} for one that is written at a site or a function
 * @param key where it is written, such as {@code sites.shop.pool}
 * @param children how many processes serve requests; at least 1
 * @param user that PHP runs as; null for that of all
 * @param phpFpm the program; null for that of all
 * @param ini settings of PHP, written as in php.ini, besides those of all
 * @param iniFile a file with settings that is read after php.ini; null for none
 * @param iniText its content; empty for none
 * @param resident how its one function stays in memory; null for a usual pool
 */
public record PoolSettings(
        String name,
        String key,
        int children,
        @Nullable String user,
        @Nullable Path phpFpm,
        Map<String, String> ini,
        @Nullable Path iniFile,
        String iniText,
        @Nullable ResidentSettings resident) {
    /** How many children a pool has that does not say it. */
    static final int USUAL_CHILDREN = 4;

    private static final Pattern SESSIONS = Pattern.compile("(?m)^\\s*session\\.save_(path|handler)\\s*=");

    public PoolSettings {
        if (children < 1) {
            throw new IllegalArgumentException("children=" + children + ": at least 1");
        }
        ini = Collections.unmodifiableMap(new TreeMap<>(ini));
    }

    /**
     * The pool of a resident function.
     *
     * @param name that it has
     * @param key where it is written, which is the function's {@code resident}
     * @param written what the function has in {@code pool} besides; null for nothing
     */
    static PoolSettings resident(String name, String key, ResidentSettings resident, @Nullable PoolSettings written) {
        return written == null
                ? new PoolSettings(name, key, resident.children(), null, null, Map.of(), null, "", resident)
                : new PoolSettings(
                        name,
                        key,
                        resident.children(),
                        written.user,
                        written.phpFpm,
                        written.ini,
                        written.iniFile,
                        written.iniText,
                        resident);
    }

    /** The name of its one function when that is resident; null for a usual pool. */
    public @Nullable String residentFunction() {
        return resident == null ? null : name.substring(FunctionNames.FUNCTION.length());
    }

    /**
     * Where one of its settings is written: {@code user}, {@code php-fpm} and {@code ini} of a resident function are in its {@code pool}.
     *
     * @param setting such as {@code user}
     */
    public String key(String setting) {
        boolean beside = resident != null && !setting.equals("children");
        String above = beside ? key.substring(0, key.length() - ResidentKeys.KEY.length()) + "pool" : key;
        return above + "." + setting;
    }

    /** Whether it says itself where PHP keeps sessions. */
    boolean placesSessions() {
        return placesSessions(ini) || SESSIONS.matcher(iniText).find();
    }

    /** Whether these settings of PHP say where it keeps sessions. */
    static boolean placesSessions(Map<String, String> php) {
        return php.containsKey("session.save_path") || php.containsKey("session.save_handler");
    }
}
