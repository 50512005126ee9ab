package dev.relais.differential;

import dev.relais.running.RunningProfile;
import java.util.List;

/** Like {@link RunningProfile}, with {@link ImportedSites} and no functions. */
public class ImportedSitesProfile extends RunningProfile {
    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(ImportedSites.class));
    }
}
