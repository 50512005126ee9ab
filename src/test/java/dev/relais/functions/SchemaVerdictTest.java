package dev.relais.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.relais.ConfigurationProblem;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** The schema for editors judges as the parser judges. */
class SchemaVerdictTest {
    private final JsonSchema schema =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(FunctionsSchema.text());

    @TempDir
    Path directory;

    /** The value of a node by the core schema of YAML 1.2, as editors read it: {@code off} is a text. */
    private static JsonNode json(Node node) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (node instanceof MappingNode mapping) {
            ObjectNode object = json.objectNode();
            mapping.getValue()
                    .forEach(entry ->
                            object.set(((ScalarNode) entry.getKeyNode()).getValue(), json(entry.getValueNode())));
            return object;
        }
        if (node instanceof SequenceNode list) {
            ArrayNode array = json.arrayNode();
            list.getValue().forEach(item -> array.add(json(item)));
            return array;
        }
        String text = node == null ? "" : ((ScalarNode) node).getValue();
        if (node != null && !((ScalarNode) node).isPlain()) {
            return json.textNode(text);
        }
        if (text.matches("|~|null|Null|NULL")) {
            return json.nullNode();
        }
        if (text.matches("true|True|TRUE|false|False|FALSE")) {
            return json.booleanNode(text.equalsIgnoreCase("true"));
        }
        if (text.matches("[-+]?[0-9]+")) {
            return json.numberNode(new BigInteger(text));
        }
        return text.matches("[-+]?([0-9]+\\.[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?")
                ? json.numberNode(new BigDecimal(text))
                : json.textNode(text);
    }

    private String verdictOfTheParser(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("functions.yaml"), text);
        try {
            SettingsFile.read(file, "functions.yaml", FunctionSettings.defaults(60_000), 1_000_000);
            return "";
        } catch (ConfigurationProblem e) {
            return e.getMessage();
        }
    }

    private String verdictOfTheSchema(String text) {
        return schema.validate(json(new Yaml().compose(new StringReader(text)))).toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# nothing yet",
                "functions:",
                "functions: {}",
                "functions: {plain: }",
                "functions: {reports/daily: {timeout: 2s, methods: [GET, POST]}}",
                "functions: {a: {timeout: 300ms}, b: {timeout: 1h, client-wait: 1m}}",
                "functions: {f: {application: true, deny: [data/, install.php, '*.txt', ./conf//, a.b/..c], "
                        + "allow-symlinks-to: [/usr/share/app]}}",
                "functions: {f: {concurrency: 6, reserved: 2, priority: 0, queue: 0}}",
                "functions: {f: {idempotent: true, on-abort: end, preload: false, body: stream}}",
                "functions: {f: {warm-up: ['', '?city=Rome', '/a/b?c=d']}}",
                "functions: {f: {methods: [M-SEARCH]}}",
                "functions: {f: {cache: off}}",
                "functions: {f: {cache: {ttl: 60s, negative: 5000ms, stale-while-revalidate: 30s, stale-if-error: 1h, "
                        + "stale-when-saturated: 0s, query: [city], query-order: any, headers: [Accept-Language], "
                        + "cookies: [], files: [weather.php, lib/, .env/x]}}}",
                "functions: {f: {cache: {query: [], stale-when-saturated: 5m, query-order: given}}}",
                "functions: {f: {application: true, deny: ['*a*', '*/a', 'a*', '**/b/', 'c/{d,e}.php', 'x?z']}}",
                "functions: {f: {max-body-size: 64M}, g: {max-body-size: 1000}}",
                "sites: {a: {root: /srv/a, allow-from: [10.0.0.0/8, '::1'], max-body-size: 10G, paths: {u/: {max-body-size: 1K}}}}",
                "sites: {a: {root: /srv/a, php: {memory_limit: 256M, session.save_path: null, display_errors: 1, a.b: On}}}",
                "sites: {a: {root: /srv/a, error-pages: {404: /index.php, 503: /down.html}, maintenance: true}}",
                "sites: {a: {root: /srv/a, paths: {files/: {root: /srv/files, internal: true}}}}",
                "pools: {shop: {children: 2, user: www-shop, php-fpm: /usr/sbin/php-fpm8.4, ini: {memory_limit: 256M, a.b: On, c: 1}}, b: }",
                "pools: {shop: }\nsites: {a: {root: /srv/a, pool: shop}}\nfunctions: {f: {pool: shop}, g: {pool: {children: 1}}}",
                "functions: {a: {resident: true}, b: {resident: false, preload: true}, c: {resident: bin/worker.php}, d: {resident: {}}}",
                "functions: {a: {resident: {script: ..a/.b.php, children: 8, max-requests: 0, max-memory: 64M, strict: true}}}",
                "functions: {a: {pool: {user: www-a, children: 2}, resident: {strict: false}}, b: {resident: {children: 1}, pool: {}}}",
                "functions: {a: {resident: false, pool: shop}}\npools: {shop: }",
                "sites: {a: {root: /srv/a, pool: {ini: {error_reporting: 'E_ALL & ~E_NOTICE'}}}, b: {root: /srv/b, mount: /b, pool: {}}}",
                "sites:",
                "sites: {plain: {root: /srv/a}}",
                "sites: {a: {hosts: [a.example, '*.b.example', '[::1]', LocalHost], mount: /x/y/, root: /srv/a, functions: true}}",
                "sites: {a: {root: /srv/a, index: [index.php], fallback: '/index.php{path}', scripts: all, missing-scripts: 404}}",
                "sites: {a: {root: /srv/a, fallback: '/doku.php?id={path}', missing-scripts: fallback, "
                        + "scripts: [doku.php, 'lib/**.php']}}",
                "sites: {a: {root: /srv/a, fallback: 404, scripts: none}}",
                "sites: {a: {root: /srv/a, fallback: /app.html, deny: [data/, '*.sql'], expires: 1y immutable}}",
                "sites: {a: {rules: [{match: ^, to: 'https://b.example{uri}', status: 301, hosts: [a.example]}]}}",
                "sites: {a: {root: /srv/a, rules: [{match: '^/(a)$', to: /b/$1, when: missing}, {match: x, status: 410}]}}",
                "sites: {a: {root: /srv/a, headers: {X-A: b, X-Powered-By: null}, types: {mjs: text/javascript}}}",
                "sites: {a: {root: /srv/a, precompressed: [br, gzip, zstd], variables: {APP_ENV: prod, N: 1, B: true}}}",
                "sites: {a: {root: /srv/a, paths: {uploads/: {scripts: none, deny: ['*.x'], internal: true, timeout: 1s}, "
                        + "'*.{css,js}': {expires: off, fallback: 404, index: [a.html]}}}}",
                "sites: {a: {root: /srv/a, timeout: 1h, methods: [GET], concurrency: 2, reserved: 1, priority: 9, queue: 3, "
                        + "idempotent: true, on-abort: end, warm-up: [''], client-wait: 1s, body: stream, server-timing: true, "
                        + "allow-symlinks-to: [/srv]}}",
            })
    void whatTheParserTakesItTakes(String text) throws IOException {
        assertEquals("", verdictOfTheParser(text));
        assertEquals("[]", verdictOfTheSchema(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "function: {}",
                "functions: [a]",
                "functions: {f: [timeout]}",
                "functions: {f: {timout: 2s}}",
                "functions: {f: {timeout: 2}}",
                "functions: {f: {timeout: 2.5s}}",
                "functions: {f: {timeout: 0s}}",
                "functions: {f: {timeout: 000ms}}",
                "functions: {f: {timeout: 1234567890s}}",
                "functions: {f: {timeout: PT2S}}",
                "functions: {f: {timeout: [2s]}}",
                "functions: {f: {timeout: null}}",
                "functions: {f: {methods: GET}}",
                "functions: {f: {methods: []}}",
                "functions: {f: {methods: [get]}}",
                "functions: {f: {methods: ['A,B']}}",
                "functions: {f: {methods: [{a: b}]}}",
                "functions: {f: {application: yes}}",
                "functions: {f: {deny: [data/]}}",
                "functions: {f: {application: false, deny: [data/]}}",
                "functions: {f: {application: true, deny: data/}}",
                "functions: {f: {application: true, deny: [/data]}}",
                "functions: {f: {application: true, deny: ['*']}}",
                "functions: {f: {application: true, deny: ['**/*']}}",
                "functions: {f: {application: true, deny: [a/../b]}}",
                "functions: {f: {application: true, deny: [..]}}",
                "functions: {f: {application: true, deny: [./.]}}",
                "functions: {f: {application: true, deny: ['']}}",
                "functions: {f: {application: true, deny: [\"a\\tb\"]}}",
                "functions: {f: {allow-symlinks-to: [usr/share]}}",
                "functions: {f: {allow-symlinks-to: []}}",
                "functions: {f: {concurrency: 0}}",
                "functions: {f: {concurrency: many}}",
                "functions: {f: {concurrency: 1000001}}",
                "functions: {f: {reserved: -1}}",
                "functions: {f: {priority: 10}}",
                "functions: {f: {queue: 1.5}}",
                "functions: {f: {idempotent: 1}}",
                "functions: {f: {on-abort: kill}}",
                "functions: {f: {warm-up: [city]}}",
                "functions: {f: {warm-up: ['?a#b']}}",
                "functions: {f: {warm-up: ['?a b']}}",
                "functions: {f: {body: streamed}}",
                "functions: {f: {cache: on}}",
                "functions: {f: {cache: }}",
                "functions: {f: {cache: {}}}",
                "functions: {f: {cache: {tll: 1s}}}",
                "functions: {f: {cache: {ttl: 1500ms}}}",
                "functions: {f: {cache: {ttl: 0s}}}",
                "functions: {f: {cache: {query: city}}}",
                "functions: {f: {cache: {query: ['city[]']}}}",
                "functions: {f: {cache: {query-order: sorted}}}",
                "functions: {f: {cache: {headers: [CooKie]}}}",
                "functions: {f: {cache: {headers: [authorization]}}}",
                "functions: {f: {cache: {headers: []}}}",
                "functions: {f: {cache: {cookies: ['a=b']}}}",
                "functions: {f: {cache: {files: [/etc]}}}",
                "functions: {f: {cache: {files: [../x]}}}",
                "functions: {f: {cache: {files: [a/.]}}}",
                "functions: {f: {max-body-size: 64MB}}",
                "functions: {f: {max-body-size: -1}}",
                "sites: {a: {root: /srv/a, allow-from: [localhost]}}",
                "sites: {a: {root: /srv/a, allow-from: []}}",
                "sites: {a: {root: /srv/a, php: {}}}",
                "sites: {a: {root: /srv/a, php: {extension: a}}}",
                "sites: {a: {root: /srv/a, php: {opcache.enable: 0}}}",
                "sites: {a: {root: /srv/a, php: {memory_limit: \"1'2\"}}}",
                "sites: {a: {root: /srv/a, php: {Memory limit: 1}}}",
                "sites: {a: {root: /srv/a, error-pages: {500: /a.html}}}",
                "sites: {a: {root: /srv/a, error-pages: {404: a.html}}}",
                "sites: {a: {root: /srv/a, maintenance: soon}}",
                "sites: {a: {root: /srv/a, paths: {files/: {root: files}}}}",
                "sites: [a]",
                "sites: {a: }",
                "sites: {a: {}}",
                "sites: {'a b': {root: /srv/a}}",
                "sites: {a: {hosts: [a.example]}}",
                "sites: {a: {root: srv/a}}",
                "sites: {a: {root: /srv/a, hosts: a.example}}",
                "sites: {a: {root: /srv/a, hosts: ['a.example:80']}}",
                "sites: {a: {root: /srv/a, hosts: [a..example]}}",
                "sites: {a: {root: /srv/a, hosts: ['a.*']}}",
                "sites: {a: {root: /srv/a, mount: blog}}",
                "sites: {a: {root: /srv/a, mount: /a/../b}}",
                "sites: {a: {root: /srv/a, indx: [index.php]}}",
                "sites: {a: {root: /srv/a, index: [a/b]}}",
                "sites: {a: {root: /srv/a, fallback: index.php}}",
                "sites: {a: {root: /srv/a, fallback: '/app.html{path}'}}",
                "sites: {a: {root: /srv/a, fallback: /a/../index.php}}",
                "sites: {a: {root: /srv/a, scripts: some}}",
                "sites: {a: {root: /srv/a, missing-scripts: 403}}",
                "sites: {a: {root: /srv/a, deny: [/data]}}",
                "sites: {a: {root: /srv/a, rules: [{to: /x}]}}",
                "sites: {a: {root: /srv/a, rules: [{match: x}]}}",
                "sites: {a: {root: /srv/a, rules: [{match: x, status: 301}]}}",
                "sites: {a: {root: /srv/a, rules: [{match: x, to: /y, status: 404}]}}",
                "sites: {a: {root: /srv/a, rules: [{match: x, to: /y, status: 200}]}}",
                "sites: {a: {root: /srv/a, rules: [{match: x, to: /y, when: there}]}}",
                "sites: {a: {root: /srv/a, rules: [{match: x, too: /y}]}}",
                "sites: {a: {root: /srv/a, rules: []}}",
                "sites: {a: {root: /srv/a, paths: {}}}",
                "sites: {a: {root: /srv/a, paths: {uploads/: {}}}}",
                "sites: {a: {root: /srv/a, paths: {'*': {scripts: none}}}}",
                "sites: {a: {root: /srv/a, paths: {a/: {hosts: [b]}}}}",
                "sites: {a: {root: /srv/a, headers: {'X A': b}}}",
                "sites: {a: {root: /srv/a, headers: {Content-Length: 3}}}",
                "sites: {a: {root: /srv/a, expires: 30}}",
                "sites: {a: {root: /srv/a, expires: forever}}",
                "sites: {a: {root: /srv/a, types: {MJS: text/javascript}}}",
                "sites: {a: {root: /srv/a, types: {mjs: javascript}}}",
                "sites: {a: {root: /srv/a, precompressed: [deflate]}}",
                "sites: {a: {root: /srv/a, variables: {HTTP_X: a}}}",
                "sites: {a: {root: /srv/a, variables: {PHP_VALUE: a}}}",
                "sites: {a: {root: /srv/a, variables: {a-b: c}}}",
                "sites: {a: {root: /srv/a, cache: off}}",
                "sites: {a: {root: /srv/a, application: true}}",
                "sites: {a: {root: /srv/a, timeout: 2}}",
                "pools: [a]",
                "pools: {'a b': {children: 2}}",
                "pools: {a: {children: 0}}",
                "pools: {a: {children: 1025}}",
                "pools: {a: {childs: 2}}",
                "pools: {a: {user: 'a b'}}",
                "pools: {a: {php-fpm: php-fpm8.4}}",
                "pools: {a: {ini: memory_limit=1}}",
                "pools: {a: {ini: {}}}",
                "pools: {a: {ini: {'memory limit': 1}}}",
                "pools: {a: {ini: {memory_limit: null}}}",
                "pools: {a: {ini: {memory_limit: [1]}}}",
                "pools: {a: {ini: {memory_limit: \"1\\n2\"}}}",
                "sites: {a: {root: /srv/a, pool: }}",
                "sites: {a: {root: /srv/a, pool: [shop]}}",
                "sites: {a: {root: /srv/a, pool: {childs: 2}}}",
                "functions: {f: {pool: {children: 2}, preload: true}}",
                "functions: {f: {resident: }}",
                "functions: {f: {resident: [worker.php]}}",
                "functions: {f: {resident: yes}}",
                "functions: {f: {resident: worker}}",
                "functions: {f: {resident: .php}}",
                "functions: {f: {resident: /srv/worker.php}}",
                "functions: {f: {resident: ../worker.php}}",
                "functions: {f: {resident: {script: a/../worker.php}}}",
                "functions: {f: {resident: {script: a//worker.php}}}",
                "functions: {f: {resident: {script: ./worker.php}}}",
                "functions: {f: {resident: {script: '*.php'}}}",
                "functions: {f: {resident: {script: \"a\\tb.php\"}}}",
                "functions: {f: {resident: {childs: 2}}}",
                "functions: {f: {resident: {children: 0}}}",
                "functions: {f: {resident: {children: 1025}}}",
                "functions: {f: {resident: {max-requests: -1}}}",
                "functions: {f: {resident: {max-memory: 64MB}}}",
                "functions: {f: {resident: {strict: 1}}}",
                "functions: {f: {resident: true, preload: true}}",
                "functions: {f: {resident: true, pool: shop}}\npools: {shop: }",
                "functions: {f: {resident: {children: 2}, pool: {children: 2}}}",
                "sites: {a: {root: /srv/a, resident: true}}",
            })
    void whatTheParserRefusesItRefuses(String text) throws IOException {
        assertFalse(verdictOfTheParser(text).isEmpty(), "the parser takes it");
        assertFalse(verdictOfTheSchema(text).equals("[]"), "the schema takes it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"src/main/php", "src/test/php"})
    void theFilesOfTheRepositoryAreRight(String folder) throws IOException {
        assertEquals("[]", verdictOfTheSchema(Files.readString(Path.of(folder, "functions.yaml"))));
    }
}
