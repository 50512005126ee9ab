package dev.relais.lifecycle;

import java.util.List;

/** What the program prints of its arguments when it is asked how it is called. The launcher has a text of its own, with the same of the modes. */
final class Help {
    /** The modes, as the launcher tells of them, too. */
    static final String MODES = """
              doctor        tells what of this host and of the configuration is as it should be, and what mends the rest; starts nothing. Exits with 0
                            when all is as wanted, with 2 when something warns, with 1 when Relais would not start
              new NAME      makes the function NAME, such as hello or reports/daily, in the functions directory, and a test of it; starts nothing
              test          starts Relais on free ports of the loopback, runs the tests (*.hurl) in FOLDER, which is the functions directory, against it, and
                            stops it. FILE gets a report in the XML of JUnit. Exits with 0 when all have passed, with 1 when one has failed, with 2 when
                            they could not be run
              import        reads a configuration of another server and prints the same as `sites` for functions.yaml, with a comment for each
                            directive that it could not carry over; starts nothing. Exits with 0, with 1 when something that was not carried over
                            guarded something, with 2 when the file cannot be read
            """;

    static final String TEXT = """
            usage: relais [OPTION OF JAVA]...
                   relais [OPTION OF JAVA]... doctor
                   relais [OPTION OF JAVA]... new NAME
                   relais [OPTION OF JAVA]... test [FOLDER] [--junit FILE]
                   relais [OPTION OF JAVA]... import nginx|apache|unit|caddy FILE
                   relais --version | --help

            Here relais is the launcher beside quarkus-run.jar, which has options of its own, or a native executable. Without the launcher:
            java [OPTION OF JAVA]... -jar quarkus-run.jar doctor, and so on. Without a mode Relais serves.

            """ + MODES + """
              --version     prints the version of Relais, and of java
              --help        prints this

            The configuration is read from -D options, from environment variables such as RELAIS_FUNCTIONS_DIRECTORY, and from
            config/application.properties in the folder in which this is called.
            """;

    private Help() {}

    /** Whether one of the words asks for it: it may stand behind a mode, too. */
    static boolean isAsked(List<String> arguments) {
        return arguments.contains("--help") || arguments.contains("-h") || arguments.contains("-?");
    }
}
