package dev.relais.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A self-signed certificate for {@code localhost}, for the TLS port of a gateway under test, and clients that accept it. */
public final class Certificate {
    private static final String PASSWORD = "testing";
    private static final Path STORE = make();

    private Certificate() {}

    /** The settings that give a gateway a TLS port beside the port without TLS. The caller sets the port's number. */
    public static Map<String, String> settings() {
        return Map.of(
                "quarkus.tls.testing.key-store.p12.path",
                STORE.toString(),
                "quarkus.tls.testing.key-store.p12.password",
                PASSWORD,
                "quarkus.http.tls-configuration-name",
                "testing",
                "quarkus.http.insecure-requests",
                "enabled");
    }

    /** Writes it for other servers, which take PEM. */
    public static void write(Path certificate, Path key) throws IOException {
        try (InputStream in = Files.newInputStream(STORE)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            Files.writeString(
                    certificate,
                    pem("CERTIFICATE", store.getCertificate("localhost").getEncoded()));
            Files.writeString(
                    key,
                    pem(
                            "PRIVATE KEY",
                            store.getKey("localhost", PASSWORD.toCharArray()).getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static String pem(String kind, byte[] bytes) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
    }

    /** Makes the certificate by the JDK's keytool, since the JDK has no public class for that. */
    private static Path make() {
        return make("localhost", "san=dns:localhost,ip:127.0.0.1");
    }

    private static Path make(String host, String names) {
        try {
            Path directory = Files.createTempDirectory("relais-certificate");
            Path store = directory.resolve("store.p12");
            List<String> command = List.of(
                    System.getProperty("java.home") + "/bin/keytool",
                    "-genkeypair",
                    "-alias",
                    host,
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=" + host,
                    "-ext",
                    names,
                    "-validity",
                    "2",
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    PASSWORD,
                    "-keystore",
                    store.toString());
            Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(tool.getInputStream().readAllBytes());
            if (tool.waitFor() != 0) {
                throw new IllegalStateException(output);
            }
            store.toFile().deleteOnExit();
            return store;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes a certificate for a host, and writes it and its key into one PEM file, which it replaces at once. */
    public static X509Certificate write(String host, Path file) throws IOException {
        Path made = make(host, "san=dns:" + host);
        try (InputStream in = Files.newInputStream(made)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            X509Certificate certificate = (X509Certificate) store.getCertificate(host);
            Path next = Files.writeString(
                    file.resolveSibling(file.getFileName() + ".new"),
                    pem("CERTIFICATE", certificate.getEncoded())
                            + pem(
                                    "PRIVATE KEY",
                                    store.getKey(host, PASSWORD.toCharArray()).getEncoded()));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            return certificate;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /**
     * Opens a connection with TLS to a port of this host.
     *
     * @param name that it asks for
     * @param protocol as ALPN calls it
     */
    public static SSLSocket connectTo(String name, int port, String protocol) throws IOException {
        return connect(Sockets.connect(port, 0), name, port, protocol);
    }

    /** Opens a connection that has agreed on HTTP/2. */
    static SSLSocket connect(int port, int receiveBuffer) throws IOException {
        return connect(Sockets.connect(port, receiveBuffer), port, "h2");
    }

    /** Opens TLS on this connection, and agrees on a protocol by its ALPN name. */
    static SSLSocket connect(Socket plain, int port, String protocol) throws IOException {
        return connect(plain, "localhost", port, protocol);
    }

    private static SSLSocket connect(Socket plain, String name, int port, String protocol) throws IOException {
        SSLSocket socket = (SSLSocket) trusting().getSocketFactory().createSocket(plain, name, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {protocol});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        if (!protocol.equals(socket.getApplicationProtocol())) {
            socket.close();
            throw new IOException("the server chose «" + socket.getApplicationProtocol() + "», not " + protocol);
        }
        return socket;
    }

    private static SSLContext trusting() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anyone()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Anyone implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
