package dev.relais.lifecycle;

import dev.relais.ConfigurationProblem;
import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.FunctionsConfig;
import dev.relais.functions.PhpFunction;
import dev.relais.functions.PoolSettings;
import dev.relais.functions.SiteExamination;
import dev.relais.functions.SitePreview;
import dev.relais.system.Finding;
import dev.relais.system.HostCheck;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The folders of the sites. */
@Singleton
final class SitesCheck implements HostCheck {
    private static final int MOST_SITES = 100;

    private final FunctionsConfig config;
    private final PoolKinds php;

    @Inject
    SitesCheck(FunctionsConfig config, PoolKinds php) {
        this.config = config;
        this.php = php;
    }

    @Override
    public boolean isSlow() {
        return true;
    }

    @Override
    public List<Finding> findings() {
        List<Finding> found = new ArrayList<>();
        FunctionRegistry registry = SitePreview.of(config);
        for (PhpFunction site : registry.all()) {
            if (site.isSite() && found.size() < MOST_SITES) {
                found.add(of(site));
            }
        }
        return found;
    }

    private Finding of(PhpFunction site) {
        PoolSettings pool = site.settings().pool();
        List<String> problems;
        try {
            problems = SiteExamination.of(
                    Objects.requireNonNull(site.application()),
                    folder -> pool == null ? php.reads(folder) : php.reads(pool, folder));
        } catch (ConfigurationProblem e) { // the pool has no such user
            return Finding.of(e);
        }
        return Finding.of(
                problems.isEmpty(),
                site.name(),
                Objects.requireNonNull(site.application()).root(),
                "a folder that PHP can read, all of whose rules mean something",
                String.join("; ", problems),
                "see sites in functions.yaml, and the permissions of the folder");
    }
}
