package dev.relais.executable;

import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a folder {@code META-INF/native-image} registers for native executables. Immutable. */
public final class Registered {
    private static final Path OURS = Path.of("src/main/resources/META-INF/native-image/dev.relais/relais");

    private final List<Map<String, Object>> types;
    private final List<String> patterns;

    private Registered(List<Map<String, Object>> types, List<String> patterns) {
        this.types = types;
        this.patterns = patterns;
    }

    /** By Relais itself. */
    static Registered byRelais() throws IOException {
        return of(
                Files.readString(OURS.resolve("reflect-config.json")),
                Files.readString(OURS.resolve("resource-config.json")));
    }

    /**
     * @param types a reflect-config.json
     * @param resources a resource-config.json
     */
    public static Registered of(String types, String resources) {
        return new Registered(
                JsonPath.from(types).getList("$"), JsonPath.from(resources).getList("resources.includes.pattern"));
    }

    public boolean hasResource(String name) {
        return patterns.stream().anyMatch(name::matches);
    }

    public boolean hasConstructor(String type) {
        return types.stream()
                .filter(each -> type.equals(each.get("name")))
                .anyMatch(each -> Boolean.TRUE.equals(each.get("allDeclaredConstructors"))
                        || String.valueOf(each.get("methods")).contains("<init>"));
    }

    List<String> types() {
        return types.stream().map(each -> String.valueOf(each.get("name"))).toList();
    }

    /** Of files, as regular expressions. */
    List<String> patterns() {
        return patterns;
    }
}
