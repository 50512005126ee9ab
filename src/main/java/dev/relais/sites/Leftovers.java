package dev.relais.sites;

import java.util.regex.Pattern;

/**
 * Recognises files by name that a web server must not send as they are: source code, configuration, keys, database dumps, and
 * copies left behind by editors. Only the last segment of the path counts, without regard to case, except for a few names that
 * mean something else in another place.
 */
final class Leftovers {
    /**
     * Extensions of such files: PHP's, those in Drupal's .htaccess, and those of configuration, databases, keys and tests. As a whole
     * word they count anywhere in a name, because whoever kept a copy appended something: {@code config.php_bak},
     * {@code db.sql.gz}, {@code a.php (1)}.
     */
    private static final String EXTENSIONS = "php[a-z0-9]*|phtml[0-9]*|pht|phar[0-9]*"
            + "|(inc|ini|engine|install|make|module|profile|po|sh|theme|twig|latte|tpl|xtmpl|ctp|yml|yaml|neon|toml|conf|cfg"
            + "|config|env|sql|sqlite[0-9]?|db|mdb|dump|log|lock|key|pem|p12|pfx|jks|kdbx|ppk|htpasswd|htaccess|hurl)[0-9]*";

    /**
     * Extensions that, behind such a word, make a file that is meant for browsers: {@code three.module.js},
     * {@code jquery-ui.theme.min.css}.
     */
    private static final String OF_A_BROWSER =
            "[cm]?js|css|map|wasm|html?|json|webmanifest|png|jpe?g|jxl|gif|svg|webp|avif|hei[cf]|tiff?|bmp|djvu|ico|cur"
                    + "|woff2?|ttf|otf|eot|mp[34]|m4[av]|mov|avi|mkv|flac|wav|aac|opus|web[mp]|og[gv]|vtt|srt"
                    + "|pdf|epub|docx?|xlsx?|pptx?|rtf|od[tsp]|ics|vcf|glb|gltf";

    /** Suffixes that people and programs append to the name of a copy, whatever the name was. */
    private static final String COPIES =
            "(sw[a-p]|bak|backup|orig|original|rej|old|save?|tmp|temp|dist|disabled)[0-9]*";

    private static final Pattern SOURCE =
            Pattern.compile("\\.(" + EXTENSIONS + "|" + COPIES + ")(?![a-z0-9])", flags());
    private static final Pattern ASSET = Pattern.compile("\\.(" + OF_A_BROWSER + ")(\\.(gz|br|zst))?$", flags());

    /** Files that standards want published, such as {@code /.well-known/stellar.toml}. */
    private static final Pattern PUBLISHED = Pattern.compile("/\\.well-known/[^/]+\\.(toml|ya?ml)");

    /**
     * Composer's credentials, at the top of the folder. Deeper down this name is a translation for the browser
     * ({@code /locales/en/auth.json}).
     */
    private static final Pattern CREDENTIALS = Pattern.compile("/?auth\\.json", Pattern.CASE_INSENSITIVE);

    /** Backups and autosaves of editors, such as {@code a.txt~} and {@code #a.txt#}. */
    private static final Pattern EDITED = Pattern.compile("~[0-9]*$|^#.*#$", flags());

    /** Names that are denied as a whole. */
    private static final Pattern KNOWN = Pattern.compile(
            "composer\\.json|phpunit\\.xml|web\\.config|artisan|id_(rsa|dsa|ecdsa|ed25519)|htpasswd|htaccess"
                    + "|(docker|make|vagrant|jenkins)file",
            flags());

    private Leftovers() {}

    private static int flags() {
        return Pattern.CASE_INSENSITIVE | Pattern.DOTALL; // a name may hold a line feed
    }

    /**
     * Whether a file is never sent as it is.
     *
     * @param path below the application's folder, with a slash at the begin
     */
    static boolean matches(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (SOURCE.matcher(name).find() && !ASSET.matcher(name).find()) {
            return !PUBLISHED.matcher(path).matches();
        }
        return EDITED.matcher(name).find()
                || KNOWN.matcher(name).matches()
                || CREDENTIALS.matcher(path).matches();
    }
}
