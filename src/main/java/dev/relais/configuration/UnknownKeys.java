package dev.relais.configuration;

import dev.relais.ConfigurationProblem;
import dev.relais.LogText;
import java.util.Map;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Keys that begin as those of Relais do and that nobody reads: they are mistyped, and what they were to say would not hold. */
public final class UnknownKeys {
    private static final Logger LOG = Logger.getLogger(UnknownKeys.class);

    private static final String OURS = "relais.";
    private static final String OUR_VARIABLES = "RELAIS_";
    private static final String PROBLEM = "is no key of Relais";
    private static final Pattern SECRET = Pattern.compile("(?i)tok|pass|secret");

    private UnknownKeys() {}

    /**
     * Looks at all that is configured but for the keys below a known prefix, where SmallRye Config has refused those that it does not know
     * ({@link InvalidConfiguration} tells of them). A variable of the environment is only warned of, and only when it is like one that sets something: a
     * cluster puts some there for each service, such as {@code RELAIS_SERVICE_HOST}.
     *
     * @param environment the variables of this process
     * @throws ConfigurationProblem naming the first key that nobody reads
     */
    public static void check(Config config, Map<String, String> environment) {
        KnownKeys keys = KnownKeys.read();
        for (String name : config.getPropertyNames()) {
            if (name.startsWith(OURS)
                    && !keys.hasPrefixOf(name)
                    && !String.valueOf(config.getConfigValue(name).getSourceName())
                            .startsWith("EnvConfigSource")) {
                throw problem(keys, name, config.getConfigValue(name).getValue());
            }
        }
        for (String name : environment.keySet()) {
            String meant =
                    name.startsWith(OUR_VARIABLES) && !keys.coversVariable(name) ? keys.likeVariable(name) : null;
            if (meant != null) {
                LOG.warnf(
                        "Environment variable sets no key: name=%s like=%s", LogText.value(name), LogText.value(meant));
            }
        }
    }

    private static ConfigurationProblem problem(KnownKeys keys, String name, @Nullable String value) {
        return new ConfigurationProblem(name, shown(name, value), PROBLEM, remedy(keys, name));
    }

    /** What to say of a key that nobody reads. */
    static String line(KnownKeys keys, String name, Config config) {
        String value;
        try {
            value = config.getConfigValue(name).getValue();
        } catch (RuntimeException e) { // the configuration is invalid, and may not tell
            value = null;
        }
        return name + "=" + shown(name, value) + ": " + PROBLEM + "; " + remedy(keys, name);
    }

    /** A mistyped key may be meant for a secret. */
    private static String shown(String name, @Nullable String value) {
        return value == null || SECRET.matcher(name).find() ? "..." : value;
    }

    private static String remedy(KnownKeys keys, String name) {
        String like = keys.like(name);
        return (like == null ? "" : "set " + like + " if that is meant, or ")
                + "remove it; src/docs/configuration.md has all keys";
    }
}
