package dev.relais.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * What kustomize makes of the base, of the base with one component, or of an overlay. It is made once, for all tests.
 *
 * @param name such as {@code base}, {@code components/hpa} or {@code overlays/dev}
 * @param resources each as it is read from YAML
 */
record Rendering(String name, List<Map<String, Object>> resources) {
    private static final Map<String, Rendering> MADE = new ConcurrentHashMap<>();

    static List<Rendering> all() throws IOException {
        List<Rendering> all = new ArrayList<>(List.of(of("base")));
        for (String part : List.of("components", "overlays")) {
            try (Stream<Path> folders = Files.list(GeneratedManifests.FOLDER.resolve(part))) {
                folders.sorted().forEach(folder -> all.add(of(part + "/" + folder.getFileName())));
            }
        }
        return all;
    }

    static Rendering of(String name) {
        return MADE.computeIfAbsent(name, Rendering::render);
    }

    private static Rendering render(String name) {
        try {
            Path folder = GeneratedManifests.FOLDER.resolve(name);
            return new Rendering(
                    name, read(Kustomize.build(name.startsWith("components/") ? withBase(folder) : folder)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A component alone is nothing: a folder that adds it to the base. */
    private static Path withBase(Path component) throws IOException {
        Path folder = Files.createDirectories(
                Path.of("target", "kustomize", component.getFileName().toString()));
        Path from = folder.toAbsolutePath();
        Files.writeString(
                folder.resolve("kustomization.yaml"),
                "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: ["
                        + from.relativize(
                                GeneratedManifests.FOLDER.resolve("base").toAbsolutePath())
                        + "]\ncomponents: ["
                        + from.relativize(component.toAbsolutePath())
                        + "]\n");
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
