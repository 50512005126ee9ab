package dev.relais.functions;

import dev.relais.PlainFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the keys of one pool in {@code functions.yaml}. Blocks, because it reads the file that {@code ini} names. */
final class PoolKeys {
    private static final List<String> NAMES = List.of("children", "user", "php-fpm", "ini");
    private static final int MOST_CHILDREN = 1024;
    private static final int MOST_BYTES = 64 << 10;

    private int children = PoolSettings.USUAL_CHILDREN;
    private @Nullable String user;
    private @Nullable Path phpFpm;
    private Map<String, String> ini = Map.of();
    private @Nullable Path iniFile;
    private String iniText = "";

    private PoolKeys() {}

    static List<String> names() {
        return NAMES;
    }

    /**
     * @param name that it has
     * @param key where it is written
     * @throws dev.relais.ConfigurationProblem when a key is unknown or its value is wrong
     */
    static PoolSettings read(String name, String key, YamlValue pool) {
        PoolKeys keys = new PoolKeys();
        pool.entries().forEach(keys::key);
        return new PoolSettings(
                name, key, keys.children, keys.user, keys.phpFpm, keys.ini, keys.iniFile, keys.iniText, null);
    }

    private void key(String name, YamlValue value) {
        switch (name) {
            case "children" -> children = children(value);
            case "user" -> {
                if (!value.text().matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")) {
                    throw value.problem("not the name of a user", "write it like www-shop");
                }
                user = value.text();
            }
            case "php-fpm" -> {
                if (!value.text().startsWith("/")) {
                    throw value.problem("not the whole path of a program", "write it like /usr/sbin/php-fpm8.4");
                }
                phpFpm = ValueForms.folder(value);
            }
            case "ini" -> ini(value);
            default -> throw Suggestion.unknown(value, name, "a pool", NAMES);
        }
    }

    /** A number of children. */
    static int children(YamlValue value) {
        int number = ValueForms.count(value, 1);
        if (number > MOST_CHILDREN) {
            throw value.problem("more than " + MOST_CHILDREN + " children", "write a lower number");
        }
        return number;
    }

    private void ini(YamlValue value) {
        if (value.text().isEmpty() && !value.isList() && !value.isNull()) {
            ini = SiteForms.map(value, "memory_limit: 256M", PoolKeys::setting);
            return;
        }
        if (!value.text().startsWith("/")) {
            throw value.problem(
                    "neither settings nor the whole path of a file",
                    "write it like {memory_limit: 256M} or /etc/php/shop.ini");
        }
        iniFile = ValueForms.folder(value);
        iniText = text(value, iniFile);
    }

    private static String setting(String name, YamlValue value) {
        if (!name.matches("[A-Za-z][A-Za-z0-9_.-]{0,127}")) {
            throw value.keyProblem("not a setting of PHP", "write it like memory_limit");
        }
        String text = value.text();
        if (!value.isText() || text.length() > 2_000 || text.matches("(?s).*\\p{Cntrl}.*")) {
            throw value.problem("not a value of a setting", "write one line, as in php.ini");
        }
        return text;
    }

    private static String text(YamlValue value, Path file) {
        try {
            byte[] bytes = PlainFile.read(file, MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw value.problem("larger than " + (MOST_BYTES >> 10) + " KiB", "shorten the file");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw value.problem("not UTF-8", "save it as UTF-8");
        } catch (IOException e) {
            throw value.problem(
                    "cannot be read (" + FunctionNames.reason(e) + ")", "name a file that the gateway can read");
        }
    }
}
