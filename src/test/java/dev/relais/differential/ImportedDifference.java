package dev.relais.differential;

import java.util.List;
import java.util.Set;

/** What an imported site does differently from nginx with the file itself, and why; src/docs/moving-in.md has each sentence. */
enum ImportedDifference {
    EMPTY_PATH_INFO("`PATH_INFO` is empty where nginx sends none.") {
        @Override
        boolean covers(ImportedTargets at, String target, String fact, String nginx, String relais) {
            return fact.equals("PATH_INFO") && "null".equals(nginx) && "".equals(relais);
        }
    },
    MEDIA_TYPES("Media types are today's: `text/javascript` (RFC 9239), `image/vnd.microsoft.icon`.") {
        @Override
        boolean covers(ImportedTargets at, String target, String fact, String nginx, String relais) {
            return fact.equals("type")
                    && Set.of("text/javascript", "image/vnd.microsoft.icon").contains(relais);
        }
    },
    REFUSED("What is refused is as if it were not there: 404, also where nginx answers 403.") {
        @Override
        boolean covers(ImportedTargets at, String target, String fact, String nginx, String relais) {
            return fact.equals("status") && nginx.equals("403") && relais.equals("404");
        }
    },
    FOLDERS("A folder without an index leads to the fallback, where nginx redirects to its slash and answers 403.") {
        @Override
        boolean covers(ImportedTargets at, String target, String fact, String nginx, String relais) {
            return fact.equals("status") && Set.of("301", "403").contains(nginx) && relais.equals("200");
        }
    },
    SOURCES(
            "The source of a script is never sent: nginx sends that of an `index.php` for which no location has a `fastcgi_pass`.") {
        @Override
        boolean covers(ImportedTargets at, String target, String fact, String nginx, String relais) {
            return at == ImportedTargets.LARAVEL && target.equals("/docs/");
        }
    },
    LEFTOVERS("Files that no site means to publish, such as `web.config`, are not served.") {
        @Override
        boolean covers(ImportedTargets at, String target, String fact, String nginx, String relais) {
            return target.equals("/web.config") && fact.equals("status") && relais.equals("404");
        }
    },
    SPLIT("What follows a script is its `PATH_INFO`, also without `fastcgi_split_path_info`.") {
        @Override
        boolean covers(ImportedTargets at, String target, String fact, String nginx, String relais) {
            return target.startsWith("/index.php/")
                    && List.of("PATH_INFO", "PHP_SELF", "SCRIPT_NAME", "DOCUMENT_URI")
                            .contains(fact);
        }
    },
    DECODED("`{path}` is decoded in `PATH_INFO`, where nginx leaves `$request_uri` as it was sent.") {
        @Override
        boolean covers(ImportedTargets at, String target, String fact, String nginx, String relais) {
            return at == ImportedTargets.NEXTCLOUD
                    && List.of("PATH_INFO", "PHP_SELF").contains(fact)
                    && nginx.replace("%20", " ").equals(relais);
        }
    },
    FIELDS("Fields of `add_header` hold below, too.") {
        @Override
        boolean covers(ImportedTargets at, String target, String fact, String nginx, String relais) {
            return at == ImportedTargets.NEXTCLOUD
                    && List.of("X-Frame-Options", "X-Content-Type-Options", "X-Robots-Tag")
                            .contains(fact)
                    && nginx.equals("null");
        }
    },
    QUERY("The request's query is added to the fallback's and a rewrite's, also where `try_files` has no `$args`.") {
        @Override
        boolean covers(ImportedTargets at, String target, String fact, String nginx, String relais) {
            return fact.equals("QUERY_STRING") && nginx.isEmpty() && target.endsWith("?" + relais);
        }
    },
    ENCODED("Groups are percent-encoded in a query; PHP reads the same from it.") {
        @Override
        boolean covers(ImportedTargets at, String target, String fact, String nginx, String relais) {
            return fact.equals("QUERY_STRING")
                    && nginx.startsWith("q=")
                    && relais.replace("%2F", "/").equals(nginx);
        }
    },
    REFUSED_SCRIPTS(
            "A script that may not run is answered with 404, also with a path behind it, which nginx gives to the front controller.") {
        @Override
        boolean covers(ImportedTargets at, String target, String fact, String nginx, String relais) {
            return target.equals("/other.php/a") && fact.equals("status") && relais.equals("404");
        }
    };

    /** One sentence. */
    final String reason;

    ImportedDifference(String reason) {
        this.reason = reason;
    }

    /** @return null for one that is not known */
    static ImportedDifference of(ImportedTargets at, String target, String fact, String nginx, String relais) {
        for (ImportedDifference one : values()) {
            if (one.covers(at, target, fact, nginx, relais)) {
                return one;
            }
        }
        return null;
    }

    /**
     * @param fact "status", "location", "body", "type", or the name of a variable or field
     * @param nginx "null" where there is none
     */
    abstract boolean covers(ImportedTargets at, String target, String fact, String nginx, String relais);
}
