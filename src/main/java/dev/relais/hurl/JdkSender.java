package dev.relais.hurl;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Sends requests with the HTTP client of the JDK, by HTTP/1.1 and on kept connections. It follows no redirect. Blocks. */
final class JdkSender implements Sender {
    /** Longer than any function runs whose author has not set another limit. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    @Override
    public Reply send(SentRequest request) throws IOException {
        HttpRequest.BodyPublisher body = request.body().length == 0
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofByteArray(request.body());
        try {
            HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(request.target()))
                    .timeout(PATIENCE)
                    .setHeader("User-Agent", "relais-test")
                    .method(request.method(), body);
            for (Field field : request.headers()) {
                if (field.name().equalsIgnoreCase("User-Agent")) {
                    builder.setHeader(field.name(), field.value());
                } else {
                    builder.header(field.name(), field.value());
                }
            }
            HttpResponse<byte[]> response = client.send(builder.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Reply(response.statusCode(), response.headers().map(), response.body());
        } catch (IllegalArgumentException e) {
            throw new IOException("cannot be sent: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the run is ended");
        }
    }
}
