package dev.relais.functions;

import dev.relais.ConfigurationProblem;
import dev.relais.OneTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The mode {@code new} of the program: it makes a function that answers, and a test of it, and ends. What is there is never changed. The exit
 * code is 0 when both were made, else 1.
 */
public final class NewFunction {
    /** The argument of the program that asks for it; the name follows. */
    public static final String ARGUMENT = "new";

    private static final String SEGMENT = "[A-Za-z0-9][A-Za-z0-9_-]*";
    private static final int LONGEST = 200;

    private static final String SCRIPT = """
            <?php
            declare(strict_types=1);

            // Called at /api/NAME. The query is in $_GET, the path behind the name in $_SERVER['PATH_INFO'], the body in php://input.
            $name = is_string($_GET['name'] ?? null) ? $_GET['name'] : 'World';

            header('Content-Type: application/json');
            echo json_encode(['message' => "Hello, $name!"], JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR);
            """;

    private static final String TEST = """
            # greets the world
            GET {{host}}/api/NAME

            HTTP 200
            Content-Type: application/json
            [Asserts]
            jsonpath "$.message" == "Hello, World!"

            # greets by name
            GET {{host}}/api/NAME?name=Ada

            HTTP 200
            [Asserts]
            jsonpath "$.message" == "Hello, Ada!"
            """;

    private static volatile @Nullable String asked; // null: this run of the program is for something else

    private NewFunction() {}

    /**
     * By whoever calls the program.
     *
     * @param arguments what follows {@link #ARGUMENT}
     * @throws ConfigurationProblem when they are not one name
     */
    public static void ask(List<String> arguments) {
        if (arguments.size() != 1) {
            throw new ConfigurationProblem(
                    ARGUMENT, String.join(" ", arguments), "takes one name", "write it like new hello");
        }
        asked = arguments.get(0);
        OneTask.printsOnlyItsResult("ERROR");
    }

    /**
     * Makes what was asked for, if anything was, and ends the program by an exception. Blocks.
     *
     * @throws ConfigurationProblem when nothing can be made
     * @throws OneTask.Done when it was made
     */
    public static void run(FunctionsConfig config) {
        String name = asked;
        if (name != null) {
            Path script = make(config.directory(), name);
            System.out.println("made " + script + ", which answers at /api/" + name);
            System.out.println("made " + test(script) + ", its test, which relais test runs");
            throw new OneTask.Done(0);
        }
    }

    /**
     * Makes the function and its test, and the folders that they need.
     *
     * @return the function's script; its test is beside it
     * @throws ConfigurationProblem when the name is none, or there is something of it already; nothing was made then
     */
    static Path make(Path directory, String name) {
        check(directory, name);
        Path script = directory.resolve(name + FunctionNames.EXTENSION);
        Path test = test(script);
        for (Path made : List.of(script, test)) {
            if (Files.exists(made)) {
                throw problem(name, made + " is there already", "choose another name");
            }
        }
        try {
            Files.createDirectories(script.getParent());
            Files.writeString(test, TEST.replace("NAME", name), StandardOpenOption.CREATE_NEW);
            // By rename, so that no gateway that serves the directory sees a half of it.
            Path whole = Files.writeString(
                    script.resolveSibling("." + script.getFileName() + ".new"), SCRIPT.replace("NAME", name));
            return Files.move(whole, script);
        } catch (IOException e) {
            throw problem(name, "cannot be made: " + FunctionNames.reason(e), "look at the folder's rights");
        }
    }

    private static void check(Path directory, String name) {
        if (name.endsWith(FunctionNames.EXTENSION)) {
            throw problem(name, "is the name of a file", "leave out " + FunctionNames.EXTENSION);
        }
        if (name.length() > LONGEST || !name.matches(SEGMENT + "(/" + SEGMENT + ")*")) {
            throw problem(
                    name,
                    "is no name of letters, digits, - and _ with a / between folders",
                    "write it like reports/daily");
        }
        Path above = directory;
        for (String segment : name.split("/")) {
            if (FunctionNames.excluded(segment) || segment.equals("index")) {
                throw problem(name, segment + " is in no function's name", "choose another name");
            }
            if (above != directory && Files.exists(above.resolve(FunctionNames.INDEX))) {
                throw problem(
                        name, "would lie in the function " + directory.relativize(above), "choose another folder");
            }
            above = above.resolve(segment);
        }
        if (Files.exists(above.resolve(FunctionNames.INDEX))) {
            throw problem(name, above.resolve(FunctionNames.INDEX) + " is there already", "choose another name");
        }
    }

    private static Path test(Path script) {
        String name = script.getFileName().toString();
        return script.resolveSibling(name.substring(0, name.length() - FunctionNames.EXTENSION.length()) + ".hurl");
    }

    private static ConfigurationProblem problem(String name, String problem, String remedy) {
        return new ConfigurationProblem(ARGUMENT, FunctionNames.printable(name), problem, remedy);
    }
}
