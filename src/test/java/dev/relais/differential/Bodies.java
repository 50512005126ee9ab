package dev.relais.differential;

import java.util.ArrayList;
import java.util.List;

/** Forms, multipart uploads, JSON and other bodies, with a length and in chunks. */
final class Bodies {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String BOUNDARY = "multipart/form-data; boundary=b";

    private static final String[] FORMS = {
        "a=1",
        "a=1&b=2",
        "a=1&a=2",
        "a[]=1&a[]=2",
        "a[x][y]=1&a[x][z]=2",
        "a",
        "a=",
        "=1",
        "&&a=1",
        "a=1+2%2B3",
        "a=%C3%A4",
        "a=\u00e4",
        "a.b=1&c d=2",
        "a=%00b",
        "a=%zz",
        "a=line%0D%0Abreak",
        "a=1;b=2",
        "",
        "_FILES[x]=1",
        "a=" + "v".repeat(20_000)
    };

    private static final String[] JSON = {
        "{\"a\":1,\"b\":[true,null]}", "[]", "\"text \u00c3\u00a4\"", "{broken", "\u00ef\u00bb\u00bf{}"
    };

    private Bodies() {}

    static List<Request> all() {
        List<Request> all = new ArrayList<>();
        for (String form : FORMS) {
            all.add(Request.post("form " + form, FORM, form));
        }
        for (String json : JSON) {
            all.add(Request.post("JSON " + json, "application/json", json));
        }
        addOthers(all);
        addUploads(all);
        List<Request> chunked = new ArrayList<>();
        for (Request request : all) {
            chunked.add(inChunks(request));
        }
        all.addAll(chunked);
        all.add(Request.post("body in bytes", "text/plain", "")
                .bare()
                .with("Host: localhost")
                .chunked("a", "b", "c", "d"));
        all.add(Request.post(
                "body of 300,000 bytes, beyond what stays in memory", "text/plain", "0123456789".repeat(30_000)));
        all.add(Request.of("body of 200,000 bytes in chunks", "POST", Request.ECHO)
                .chunked("x".repeat(65_536), "y".repeat(65_535), "z".repeat(68_929)));
        all.add(Request.post("body while the client expects a go-ahead", "text/plain", "waited")
                .with("Expect: 100-continue"));
        all.add(Request.post("length with leading zeros", "text/plain", "")
                .bare()
                .with("Host: localhost", "Content-Length: 0003")
                .append("abc"));
        all.add(Request.of("body of a GET", "GET", Request.ECHO).sized("odd but legal"));
        all.add(Request.of("POST without a body", "POST", Request.ECHO));
        all.add(Request.of("POST with an empty body", "POST", Request.ECHO).with("Content-Length: 0"));
        all.add(Request.post("body without a type", "", "untyped"));
        all.add(Request.post("form with HTTP/1.0", FORM, "a=1").http10());
        all.add(Request.post("body over the limit", "text/plain", "")
                .bare()
                .with("Host: localhost", "Content-Length: " + (13 << 20)));
        all.add(Request.of("chunk extensions and trailers", "POST", Request.ECHO)
                .with("Transfer-Encoding: chunked")
                .append("3;ext=1\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n"));
        all.add(Request.of("chunk sizes in capitals with zeros", "POST", Request.ECHO)
                .with("Transfer-Encoding: chunked")
                .append("00A\r\n0123456789\r\n000\r\n\r\n"));
        return all;
    }

    private static Request inChunks(Request request) {
        int half = request.body().length() / 2;
        Request unsized = new Request(
                request.name() + ", in chunks",
                request.requestLine(),
                request.lines().stream()
                        .filter(line -> !line.startsWith("Content-Length:"))
                        .toList(),
                "");
        return half == 0
                ? unsized.chunked()
                : unsized.chunked(
                        request.body().substring(0, half), request.body().substring(half));
    }

    private static void addOthers(List<Request> all) {
        all.add(Request.post("form with a charset", FORM + "; charset=UTF-8", "a=1"));
        all.add(Request.post("form type in capitals", "Application/X-WWW-Form-URLEncoded", "a=1"));
        all.add(Request.post("plain text", "text/plain", "line\nline\r\n\u0000end"));
        all.add(Request.post("all bytes", "application/octet-stream", allBytes()));
        all.add(Request.post("XML", "text/xml", "<?xml version=\"1.0\"?><a/>"));
        all.add(Request.of("form by PUT", "PUT", Request.ECHO + "/x?y=1")
                .with("Content-Type: " + FORM)
                .sized("a=1"));
        all.add(Request.of("JSON by PATCH", "PATCH", Request.ECHO)
                .with("Content-Type: application/json")
                .sized("{}"));
    }

    private static void addUploads(List<Request> all) {
        String field = part("name=\"a\"", "", "1");
        String file = part("name=\"f\"; filename=\"f.txt\"", "Content-Type: text/plain\r\n", "content of f");
        String binary =
                part("name=\"g\"; filename=\"g.bin\"", "Content-Type: application/octet-stream\r\n", allBytes());
        String empty = part("name=\"e\"; filename=\"\"", "Content-Type: application/octet-stream\r\n", "");
        String array =
                part("name=\"h[]\"; filename=\"1\"", "", "one") + part("name=\"h[]\"; filename=\"2\"", "", "two");
        String path = part("name=\"p\"; filename=\"../../etc/passwd\"", "", "x");
        String utf8 = part("name=\"u\"; filename=\"\u00c3\u00a4.txt\"", "", "x");
        String quoted = part("name=\"q\"; filename=\"a\\\"b;c.txt\"", "", "x");
        String large = part("name=\"l\"; filename=\"l\"", "", "large".repeat(20_000));
        upload(all, "a field", field);
        upload(all, "a file", file);
        upload(all, "a field and a file", field + file);
        upload(all, "a binary file", binary);
        upload(all, "no file chosen", empty);
        upload(all, "an array of files", array);
        upload(all, "a file name that is a path", path);
        upload(all, "a file name in UTF-8", utf8);
        upload(all, "a file name with quotes", quoted);
        upload(all, "a file of 100,000 bytes", large);
        upload(all, "everything", field + file + binary + empty + array + path + utf8 + quoted);
        upload(all, "nothing", "");
        all.add(Request.post("upload without its end", BOUNDARY, file));
        all.add(Request.post(
                "upload with a quoted boundary", "multipart/form-data; boundary=\"b\"", file + "--b--\r\n"));
        all.add(Request.post("upload with a wrong boundary", "multipart/form-data; boundary=c", file + "--b--\r\n"));
        all.add(Request.post("upload without a boundary", "multipart/form-data", file + "--b--\r\n"));
        all.add(Request.post("multipart of another kind", "multipart/mixed; boundary=b", file + "--b--\r\n"));
    }

    private static void upload(List<Request> all, String name, String parts) {
        all.add(Request.post("upload: " + name, BOUNDARY, parts + "--b--\r\n"));
    }

    private static String part(String disposition, String headers, String content) {
        return "--b\r\nContent-Disposition: form-data; " + disposition + "\r\n" + headers + "\r\n" + content + "\r\n";
    }

    private static String allBytes() {
        StringBuilder bytes = new StringBuilder();
        for (char b = 0; b < 256; b++) {
            bytes.append(b);
        }
        return bytes.toString();
    }
}
