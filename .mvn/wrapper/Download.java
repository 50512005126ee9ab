import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;

/** Downloads a URL into a file, for {@code mvnw} on a machine that has a JDK but neither curl nor wget. */
class Download {
    public static void main(String[] arguments) throws Exception {
        URLConnection connection = URI.create(arguments[0]).toURL().openConnection();
        connection.setConnectTimeout(30_000);
        connection.setReadTimeout(60_000);
        try (var in = connection.getInputStream()) {
            Files.copy(in, Path.of(arguments[1]));
        } catch (java.io.IOException e) {
            System.err.println(e);
            System.exit(1);
        }
    }
}
