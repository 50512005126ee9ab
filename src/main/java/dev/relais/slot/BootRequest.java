package dev.relais.slot;

import dev.relais.fastcgi.Params;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.file.Path;
import java.util.Objects;

/** The request that has a child boot an application, and that does not end before the application does. */
final class BootRequest {
    private BootRequest() {}

    /**
     * @param application whose variables are known
     * @param socket that the child is to connect to
     * @param nonce that it is to say there
     * @return the encoded request, which the caller owns
     */
    static ByteBuf of(Residence.Parts parts, Residence.Application application, Path socket, String nonce) {
        Params params = new Params();
        params.begin();
        params.addUtf8("SCRIPT_FILENAME", parts.script().toString());
        params.add("SCRIPT_NAME", "/" + parts.script().getFileName());
        params.add("REQUEST_METHOD", "GET");
        params.add("REQUEST_URI", "/" + parts.script().getFileName());
        params.add("QUERY_STRING", "");
        params.add("SERVER_PROTOCOL", "HTTP/1.1");
        params.add("GATEWAY_INTERFACE", "CGI/1.1");
        params.add("REDIRECT_STATUS", "200");
        Objects.requireNonNull(application.variables()).forEach(params::addUtf8);
        params.addUtf8("RELAIS_SOCKET", socket.toString());
        params.add("RELAIS_NONCE", nonce);
        params.add("RELAIS_MARK", parts.mark().message());
        params.add("RELAIS_HINT", parts.mark().hintStart());
        params.add("RELAIS_LEFT", parts.mark().leftStart());
        return params.finish(ByteBufAllocator.DEFAULT, true);
    }
}
