package dev.relais.differential;

import java.util.ArrayList;
import java.util.List;

/** Methods, paths, PATH_INFO and queries. */
final class Targets {
    private static final String[] METHODS = {
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "REPORT", "MKCOL", "PURGE", "QUERY"
    };

    private static final String[] PATHS = {
        "",
        "/",
        "/a",
        "/a/",
        "/a/b",
        "/a//b",
        "//a",
        "/a///",
        "/a/./b",
        "/a/../b",
        "/a/b/..",
        "/a/.",
        "/./a",
        "/..a",
        "/a..",
        "/...",
        "/.hidden",
        "/a%20b",
        "/a+b",
        "/%61",
        "/%2e/a",
        "/a/%2e%2e/b",
        "/a%2Fb",
        "/a%2fb/c",
        "/%2F",
        "/a%5Cb",
        "/a;b=1/c",
        "/a%3Bb",
        "/a%3Fb",
        "/a%23b",
        "/a%25b",
        "/a%252Fb",
        "/a%0Ab",
        "/a%0Db",
        "/a%09b",
        "/a%7Fb",
        "/%01",
        "/%C3%A4",
        "/%e2%82%ac",
        "/%F0%9F%90%98",
        "/\u00c3\u00a4",
        "/a&b=c",
        "/a=b",
        "/a:b@c",
        "/a,b",
        "/a$b!",
        "/a*'()",
        "/a~b_-",
        "/a\"b",
        "/<a>",
        "/{a}",
        "/a|b",
        "/a^b`",
        "/a\\b",
        "/[a]",
        "/index.php",
        "/a.php",
        "/a.php/b.php",
        "/0",
        "/%30"
    };

    private static final String[] QUERIES = {
        "?",
        "?a=1",
        "?a=1&b=2",
        "?a=1&a=2",
        "?a",
        "?a=",
        "?=a",
        "?&&a=1&",
        "?a[]=1&a[]=2",
        "?a[x]=1&a[y][z]=2",
        "?a[=1",
        "?a.b=1",
        "?a%20b=1",
        "?a%5B%5D=1",
        "?a=b=c",
        "?a=1;b=2",
        "?a=1+2",
        "?a=1%2B2",
        "?a=%20%20",
        "?a=%C3%A4",
        "?a=%E4",
        "?a=\u00e4",
        "?a=%00b",
        "?%00=1",
        "?a=%",
        "?a=%zz",
        "?a=%2",
        "?a?b=c?",
        "?a=/b//c/../d",
        "?a=http://b/",
        "?a=%26&b=%3D",
        "?a=%0D%0A",
        "?a='\"<>",
        "?a={}|\\^`",
        "?_SERVER[x]=1",
        "?PATH_INFO=x",
        "?-d+allow_url_include%3d1",
        "?a=%uFFFF",
        "?1=2&01=3",
        "?a[0]=x&a=y"
    };

    private Targets() {}

    static List<Request> all() {
        List<Request> all = new ArrayList<>();
        for (String method : METHODS) {
            all.add(Request.of("method " + method, method, Request.ECHO + "/m?x=1"));
        }
        for (String method : METHODS) {
            if (!method.equals("GET") && !method.equals("HEAD")) {
                all.add(Request.of("method " + method + " with a body", method, Request.ECHO)
                        .with("Content-Type: text/plain")
                        .sized("body of " + method));
            }
        }
        for (String path : PATHS) {
            all.add(Request.of("path " + path, "GET", Request.ECHO + path));
        }
        for (String query : QUERIES) {
            all.add(Request.of("query " + query, "GET", Request.ECHO + query));
        }
        for (String rest :
                new String[] {"", "/", "/notes/1", "/a%20b/?x=1", "//a", "/index.php", "/index.php/a", "/x.php"}) {
            all.add(Request.of("folder function " + rest, "GET", "/api/differential/app" + rest));
        }
        all.add(Request.of("path and query", "GET", Request.ECHO + "/a%2Fb/%C3%A4?q=%C3%A4&r=/"));
        all.add(Request.of("path encoded in the prefix", "GET", "/%61pi/differential/reques%74/x"));
        all.add(Request.of("dot segments before the prefix", "GET", "/x/../api/differential/request/y"));
        all.add(Request.of("slashes doubled in the prefix", "GET", "//api//differential//request//y"));
        all.add(Request.of("path of 4,000 bytes", "GET", Request.ECHO + "/" + "p".repeat(4_000)));
        all.add(Request.of("query of 7,000 bytes", "GET", Request.ECHO + "?q=" + "q".repeat(7_000)));
        all.add(Request.of("query of 900 names", "GET", Request.ECHO + "?" + "a[]=1&".repeat(900)));
        all.add(Request.of("absolute target", "GET", "http://localhost" + Request.ECHO + "/a?b=c"));
        all.add(Request.of("absolute target with another host", "GET", "http://other.example" + Request.ECHO)
                .bare()
                .with("Host: other.example"));
        all.add(Request.of("absolute target with port", "GET", "http://localhost:81" + Request.ECHO)
                .bare()
                .with("Host: localhost:81"));
        all.add(Request.of("absolute target in capitals", "GET", "HTTP://LOCALHOST" + Request.ECHO));
        all.add(Request.of("no function of this name", "GET", "/api/differential/none"));
        all.add(Request.of("name in another case", "GET", "/api/differential/REQUEST"));
        all.add(Request.of("name with its suffix", "GET", "/api/differential/request.php"));
        all.add(Request.of("outside the prefix", "GET", "/other"));
        all.add(Request.of("climb above the root", "GET", "/../../etc/passwd"));
        all.add(Request.of("NUL in the path", "GET", Request.ECHO + "/a%00b"));
        all.add(Request.of("invalid UTF-8 in the path", "GET", Request.ECHO + "/%E4%FF"));
        all.add(Request.of("fragment in the target", "GET", Request.ECHO + "/a#b"));
        return all;
    }
}
