package dev.relais.documentation;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The keys of one configuration interface, as a table of the documentation has them.
 *
 * @param rows key, type, default, and nothing for what the key means; the default is null where no annotation says it
 */
record ConfigurationKeys(String prefix, List<List<String>> rows) {
    private static final Map<Class<?>, String> NAMES = Map.of(
            Duration.class, "duration",
            MemorySize.class, "size",
            int.class, "number",
            OptionalInt.class, "number",
            OptionalLong.class, "number",
            double.class, "number",
            String.class, "text",
            Path.class, "path");

    /** The keys of all prefixes. Several interfaces may have the same prefix; the one that is named like it comes first. */
    static List<ConfigurationKeys> all() throws IOException, ClassNotFoundException {
        Map<String, List<List<String>>> rows = new TreeMap<>();
        for (Path file : Sources.main()) {
            String source = Files.readString(file);
            if (source.contains("\n@ConfigMapping(")) {
                ConfigurationKeys keys = of(Sources.type(file), source);
                List<List<String>> known = rows.computeIfAbsent(keys.prefix(), prefix -> new ArrayList<>());
                String named = keys.prefix().substring("relais.".length()) + "config.java";
                known.addAll(file.getFileName().toString().equalsIgnoreCase(named) ? 0 : known.size(), keys.rows());
            }
        }
        List<ConfigurationKeys> all = new ArrayList<>();
        rows.forEach((prefix, of) -> all.add(new ConfigurationKeys(prefix, of)));
        return all;
    }

    private static ConfigurationKeys of(Class<?> config, String source) {
        String prefix = config.getAnnotation(ConfigMapping.class).prefix();
        List<List<String>> rows = Arrays.stream(config.getDeclaredMethods())
                .filter(method -> Modifier.isAbstract(method.getModifiers()))
                .sorted(Comparator.comparingInt(method -> source.indexOf(" " + method.getName() + "();")))
                .map(method -> row(prefix, method))
                .toList();
        return new ConfigurationKeys(prefix, rows);
    }

    private static List<String> row(String prefix, Method key) {
        Type type = key.getGenericReturnType();
        WithName renamed = key.getAnnotation(WithName.class);
        String name = renamed == null ? hyphenated(key.getName()) : renamed.value();
        String named = argument(type, Map.class, 1) == null ? "" : ".\"<name>\"";
        return Arrays.asList("`" + prefix + "." + name + named + "`", typeName(type), byDefault(key), null);
    }

    private static String byDefault(Method key) {
        WithDefault annotation = key.getAnnotation(WithDefault.class);
        if (annotation == null) {
            return null;
        }
        boolean several = key.getReturnType() == List.class || key.getReturnType() == Set.class;
        return "`" + (several ? annotation.value().replace(",", "`, `") : annotation.value()) + "`";
    }

    private static String typeName(Type type) {
        Type inner = argument(type, Optional.class, 0);
        if (inner == null) {
            inner = argument(type, Map.class, 1);
        }
        if (inner != null) {
            return typeName(inner);
        }
        Type element = argument(type, List.class, 0);
        if (element == null) {
            element = argument(type, Set.class, 0);
        }
        if (element != null) {
            return element == String.class
                    ? "list"
                    : element == Path.class
                            ? "list of paths"
                            : "list of " + typeName(element).replace(" or ", ", ");
        }
        if (type == boolean.class || type == Boolean.class) {
            return "`true` or `false`";
        }
        if (type instanceof Class<?> one && one.isEnum()) {
            return Arrays.stream(one.getEnumConstants())
                    .map(constant ->
                            "`" + hyphenated(((Enum<?>) constant).name().toLowerCase(Locale.ROOT)) + "`")
                    .collect(Collectors.joining(" or "));
        }
        String name = NAMES.get(type);
        if (name == null) {
            throw new AssertionError("say here what a user writes for a " + type);
        }
        return name;
    }

    /** What a generic type is of; null when it is another type. */
    private static Type argument(Type type, Class<?> raw, int index) {
        return type instanceof ParameterizedType generic && generic.getRawType() == raw
                ? generic.getActualTypeArguments()[index]
                : null;
    }

    private static String hyphenated(String name) {
        return name.replace('_', '-').replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
