package dev.relais.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * What kustomize makes of the base, of the base with one component, with all components that go together, or of an overlay. It is made once,
 * for all tests.
 *
 * @param name such as {@code base}, {@code components/hpa}, {@code components/hpa+sysctls} or {@code overlays/dev}
 * @param resources each as it is read from YAML
 */
record Rendering(String name, List<Map<String, Object>> resources) {
    private static final Map<String, Rendering> MADE = new ConcurrentHashMap<>();
    /** Of these, one at a time. */
    private static final List<Set<String>> EITHER =
            List.of(Set.of("functions-in-image", "functions-volume"), Set.of("hpa", "keda", "keda-http"));

    static List<Rendering> all() throws IOException {
        List<Rendering> all = new ArrayList<>(List.of(of("base")));
        List<String> components = names("components");
        for (String component : components) {
            all.add(of("components/" + component));
        }
        List<List<String>> together = List.of(List.of());
        for (String component : components) {
            together = with(together, component);
        }
        for (List<String> some : together) {
            all.add(of("components/" + String.join("+", some)));
        }
        for (String overlay : names("overlays")) {
            all.add(of("overlays/" + overlay));
        }
        return all;
    }

    private static List<String> names(String part) throws IOException {
        try (Stream<Path> folders = Files.list(GeneratedManifests.FOLDER.resolve(part))) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    /** Each of these lists with one more component; where that excludes another, the list stays, and there is one with it instead. */
    private static List<List<String>> with(List<List<String>> lists, String component) {
        List<List<String>> longer = new ArrayList<>();
        for (List<String> list : lists) {
            List<String> rest = new ArrayList<>(list);
            for (Set<String> either : EITHER) {
                if (either.contains(component)) {
                    rest.removeAll(either);
                }
            }
            if (rest.size() < list.size()) {
                longer.add(list);
            }
            rest.add(component);
            if (!longer.contains(rest)) {
                longer.add(rest);
            }
        }
        return longer;
    }

    static Rendering of(String name) {
        return MADE.computeIfAbsent(name, Rendering::render);
    }

    private static Rendering render(String name) {
        try {
            boolean components = name.startsWith("components/");
            Path folder = components
                    ? withBase(name.substring("components/".length()))
                    : GeneratedManifests.FOLDER.resolve(name);
            return new Rendering(name, read(Kustomize.build(folder)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A component alone is nothing: a folder that adds it, or several joined by {@code +}, to the base. */
    private static Path withBase(String components) throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "kustomize", components));
        Path manifests = folder.toAbsolutePath().relativize(GeneratedManifests.FOLDER.toAbsolutePath());
        StringBuilder text =
                new StringBuilder("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - "
                        + manifests.resolve("base") + "\ncomponents:\n");
        for (String component : components.split("\\+")) {
            text.append("  - ")
                    .append(manifests.resolve("components").resolve(component))
                    .append('\n');
        }
        Files.writeString(folder.resolve("kustomization.yaml"), text);
        return folder;
    }

    static List<Map<String, Object>> read(String text) {
        List<Map<String, Object>> resources = new ArrayList<>();
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        for (Object resource : new Yaml(options).loadAll(text)) {
            if (resource != null) {
                @SuppressWarnings("unchecked") // each is one by Kubernetes' rules; what is none fails here
                Map<String, Object> map = (Map<String, Object>) resource;
                resources.add(map);
            }
        }
        return resources;
    }

    /** The only one of this kind. */
    Node only(String kind) {
        List<Node> found = all(kind);
        if (found.size() != 1) {
            throw new AssertionError(name + " has " + found.size() + " of " + kind);
        }
        return found.get(0);
    }

    List<Node> all(String kind) {
        return resources.stream()
                .filter(resource -> kind.equals(resource.get("kind")))
                .map(resource -> new Node(name + " " + kind, resource))
                .toList();
    }

    @Override
    public String toString() {
        return name;
    }
}
