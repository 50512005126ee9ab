package dev.relais.fpm;

import dev.relais.fastcgi.Params;
import dev.relais.slot.PreloadStudy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks an opcache which scripts it has used, and has PHP's own tokenizer tell what these and all others of the folder declare. */
final class OpcacheStudy implements PreloadStudy {
    /** Tells the scripts with hits first; then reads scripts of a list from one line on, for half a second. */
    private static final String SCRIPT = """
            <?php
            while (ob_get_level() > 0 && @ob_end_clean());
            $from = (int) ($_SERVER['RELAIS_FROM'] ?? getenv('RELAIS_FROM'));
            if (!class_exists('PhpToken') || !function_exists('opcache_get_status') || !($status = @opcache_get_status($from < 0))) {
                echo "off\\n";
                return;
            }
            if ($from < 0) {
                foreach ($status['scripts'] ?? [] as $file => $used) {
                    if ($used['hits'] > 0) {
                        echo "used\\t$file\\n";
                    }
                }
                echo "next\\t0\\n";
                return;
            }
            $skip = function (array $tokens, int $at, string $open, string $close): int {
                for ($depth = 0; isset($tokens[$at]); $at++) {
                    $text = $tokens[$at]->text;
                    $depth += $text === $open || $open === '{' && $tokens[$at]->is([T_CURLY_OPEN, T_DOLLAR_OPEN_CURLY_BRACES]) ? 1 : 0;
                    $depth -= $text === $close ? 1 : 0;
                    if ($depth === 0) {
                        break;
                    }
                }
                return $at;
            };
            $look = function (string $text) use ($skip): array {
                $tokens = array_values(array_filter(PhpToken::tokenize($text), fn ($token) => !$token->isIgnorable()));
                $names = [T_STRING, T_NAME_QUALIFIED, T_NAME_FULLY_QUALIFIED, T_NAME_RELATIVE];
                $kinds = [T_CLASS, T_INTERFACE, T_TRAIT, defined('T_ENUM') ? T_ENUM : -1];
                $modifiers = [T_ABSTRACT, T_FINAL, defined('T_READONLY') ? T_READONLY : -1];
                $plain = true;
                $classes = $needs = $uses = [];
                $space = '';
                $resolve = function (PhpToken $token) use (&$space, &$uses): string {
                    if ($token->is(T_NAME_FULLY_QUALIFIED)) {
                        return substr($token->text, 1);
                    }
                    if ($token->is(T_NAME_RELATIVE)) {
                        return $space . substr($token->text, strlen('namespace\\\\'));
                    }
                    $parts = explode('\\\\', $token->text, 2);
                    $used = $uses[strtolower($parts[0])] ?? null;
                    return $used === null ? $space . $token->text : $used . (isset($parts[1]) ? '\\\\' . $parts[1] : '');
                };
                for ($i = 0; isset($tokens[$i]); $i++) {
                    $token = $tokens[$i];
                    $next = $tokens[$i + 1] ?? null;
                    if ($token->is(T_NAMESPACE) && $next) {
                        $named = $next->is($names);
                        $space = $named ? $next->text . '\\\\' : '';
                        $uses = [];
                        $i += $named ? 2 : 1; // its ; or {
                    } elseif ($token->is(T_USE)) {
                        $counts = !$next || !$next->is([T_FUNCTION, T_CONST]);
                        $prefix = '';
                        $name = $alias = null;
                        for ($i++; isset($tokens[$i]) && $tokens[$i]->text !== ';'; $i++) {
                            $part = $tokens[$i];
                            if ($part->text === '{') {
                                $prefix = $name . '\\\\';
                                $name = null;
                            } elseif ($part->is([T_FUNCTION, T_CONST])) {
                                $counts = false;
                            } elseif ($part->is(T_AS)) {
                                $alias = $tokens[++$i]->text ?? '';
                            } elseif ($part->is($names)) {
                                $name = $prefix . ltrim($part->text, '\\\\');
                            }
                            $end = $tokens[$i + 1]->text ?? ';';
                            if ($counts && $name !== null && in_array($end, [',', ';', '}'], true)) {
                                $uses[strtolower($alias ?? substr(strrchr('\\\\' . $name, '\\\\'), 1))] = $name;
                                $alias = null;
                            }
                        }
                    } elseif ($token->is(T_DECLARE) && ($tokens[$i + 2]->text ?? '') === 'strict_types' && ($tokens[$i + 6]->text ?? '') === ';') {
                        $i += 6;
                    } elseif ($token->is(T_ATTRIBUTE)) {
                        $i--;
                        for ($depth = 0; isset($tokens[++$i]);) {
                            $depth += $tokens[$i]->text === '[' || $tokens[$i]->is(T_ATTRIBUTE) ? 1 : 0;
                            $depth -= $tokens[$i]->text === ']' ? 1 : 0;
                            if ($depth === 0) {
                                break;
                            }
                        }
                    } elseif ($token->is($modifiers)) {
                        continue;
                    } elseif ($token->is($kinds) && $next && $next->is(T_STRING)) {
                        $classes[] = $space . $next->text;
                        for ($i += 2; isset($tokens[$i]) && $tokens[$i]->text !== '{'; $i++) {
                            if ($tokens[$i]->is($names) && ($tokens[$i - 1]->text ?? '') !== ':') {
                                $needs[] = $resolve($tokens[$i]);
                            }
                        }
                        $end = $skip($tokens, $i, '{', '}');
                        for ($depth = 0; $i < $end; $i++) {
                            $text = $tokens[$i]->text;
                            $depth += $text === '{' || $tokens[$i]->is([T_CURLY_OPEN, T_DOLLAR_OPEN_CURLY_BRACES]) ? 1 : 0;
                            $depth -= $text === '}' ? 1 : 0;
                            if ($depth === 1 && $tokens[$i]->is(T_USE)) {
                                for ($i++; $i < $end && !in_array($tokens[$i]->text, [';', '{'], true); $i++) {
                                    if ($tokens[$i]->is($names)) {
                                        $needs[] = $resolve($tokens[$i]);
                                    }
                                }
                                $depth += ($tokens[$i]->text ?? '') === '{' ? 1 : 0;
                            }
                        }
                        $i = $end;
                    } elseif ($token->is([T_STRING, T_NAME_FULLY_QUALIFIED]) && strtolower(ltrim($token->text, '\\\\')) === 'class_exists'
                            && ($next->text ?? '') === '(' && ($tokens[$i + 3]->text ?? '') === '::' && ($tokens[$i + 4]->text ?? '') === 'class'
                            && ($tokens[$i + 5]->text ?? '') === ')' && ($tokens[$i + 6]->text ?? '') === ';') {
                        $i += 6;
                    } elseif (!in_array($token->text, [';', '}'], true)) {
                        $plain = false;
                    }
                }
                $own = function (string $name): bool {
                    foreach (['class_exists', 'interface_exists', 'trait_exists'] as $exists) {
                        if ($exists($name, false) && (new ReflectionClass($name))->isInternal()) {
                            return false;
                        }
                    }
                    return true;
                };
                return [$plain, $classes, array_values(array_unique(array_filter($needs, $own)))];
            };
            $files = file($_SERVER['RELAIS_LIST'] ?? getenv('RELAIS_LIST'), FILE_IGNORE_NEW_LINES);
            $end = microtime(true) + 0.5;
            for ($at = $from; $at < count($files) && microtime(true) < $end; $at++) {
                try {
                    [$plain, $classes, $needs] = $look((string) @file_get_contents($files[$at]));
                    echo "script\\t$at\\t", (int) $plain, "\\t", implode(',', $classes), "\\t", implode(',', $needs), "\\n";
                } catch (Throwable $e) {
                    echo "script\\t$at\\t0\\t\\t\\n";
                }
            }
            echo $at < count($files) ? "next\\t$at\\n" : "done\\n";
            """;

    private static final int USED = -1;
    private static final int OVER = -2;

    private final Path script;
    private final RunDirectory directory;
    private final List<Path> folder;
    private final Function<Path, @Nullable Path> successors;
    private final LearnedClasses classes = new LearnedClasses();
    private final Set<Path> used = new HashSet<>();
    private List<Path> all = List.of();
    private @Nullable Path list; // null: not written yet
    private int from = USED;

    private OpcacheStudy(
            Path script, RunDirectory directory, List<Path> folder, Function<Path, @Nullable Path> successors) {
        this.script = script;
        this.directory = directory;
        this.folder = folder;
        this.successors = successors;
    }

    /**
     * Blocks: writes the script.
     *
     * @param folder all scripts among which the name of a class has to be the only one
     * @param successors gives the script that is to be preloaded for one that was used; null for none
     */
    static OpcacheStudy of(List<Path> folder, Function<Path, @Nullable Path> successors, RunDirectory directory)
            throws IOException {
        return new OpcacheStudy(
                directory.script(RunDirectory.LEARN_SCRIPT, SCRIPT), directory, List.copyOf(folder), successors);
    }

    @Override
    public @Nullable ByteBuf next() throws IOException {
        if (from == OVER) {
            return null;
        }
        if (from >= 0 && list == null) {
            Set<Path> paths = new LinkedHashSet<>(used);
            paths.addAll(folder);
            paths.removeIf(path -> path.toString().indexOf('\n') >= 0);
            all = List.copyOf(paths);
            StringBuilder lines = new StringBuilder();
            all.forEach(path -> lines.append(path).append('\n'));
            list = directory.script(RunDirectory.LEARN_LIST, lines.toString());
        }
        Params params = new Params();
        params.begin();
        params.addUtf8("SCRIPT_FILENAME", script.toString());
        params.add("SCRIPT_NAME", "/" + RunDirectory.LEARN_SCRIPT);
        params.add("REQUEST_METHOD", "GET");
        params.add("REQUEST_URI", "/" + RunDirectory.LEARN_SCRIPT);
        params.add("QUERY_STRING", "");
        params.add("SERVER_PROTOCOL", "HTTP/1.1");
        params.add("GATEWAY_INTERFACE", "CGI/1.1");
        params.add("REDIRECT_STATUS", "200");
        params.addUtf8("RELAIS_LIST", list == null ? "" : list.toString());
        params.add("RELAIS_FROM", Integer.toString(from));
        return params.finish(ByteBufAllocator.DEFAULT, true);
    }

    @Override
    public void take(String reply) {
        String text = new String(reply.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        int next = OVER;
        boolean whole = false;
        for (String line : text.split("\n")) {
            String[] parts = line.split("\t", -1);
            if (parts.length == 2 && parts[0].equals("used")) {
                use(Path.of(parts[1]));
            } else if (parts.length == 5 && parts[0].equals("script")) {
                classes.add(
                        all.get(Integer.parseInt(parts[1])), parts[2].equals("1"), names(parts[3]), names(parts[4]));
            } else if (parts.length == 2 && parts[0].equals("next")) {
                next = Integer.parseInt(parts[1]);
                whole = true;
            } else if (line.equals("done")) {
                whole = true;
            }
        }
        if (!whole) {
            used.clear(); // half of it is worth nothing: a class may be in what was not read
        }
        from = whole && !used.isEmpty() ? next : OVER;
    }

    private void use(Path file) {
        Path successor = file.startsWith(directory.path()) ? null : successors.apply(file);
        if (successor != null) {
            used.add(successor);
        }
    }

    private static List<String> names(String joined) {
        return joined.isEmpty() ? List.of() : List.of(joined.split(","));
    }

    @Override
    public Map<Path, String> admitted() {
        return from == OVER ? classes.admitted(used) : Map.of();
    }

    /** Statements that preload these scripts, as {@link Preload} takes them; but not what the user's own script has loaded. */
    static String preload(Map<Path, String> files) {
        StringBuilder php = new StringBuilder("foreach ([\n");
        files.forEach((file, name) -> php.append("    ")
                .append(quoted(file.toString()))
                .append(" => ")
                .append(quoted(name))
                .append(",\n"));
        return php.append("""
                ] as $file => $class) {
                    if (!class_exists($class, false) && !interface_exists($class, false) && !trait_exists($class, false)) {
                        @opcache_compile_file($file);
                    }
                }
                unset($file, $class);
                """).toString();
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
