package dev.relais.running;

import java.util.List;

/** Like {@link RunningProfile}, with the sites of {@link SitesResource}. */
public class SitesProfile extends RunningProfile {
    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(SitesResource.class));
    }
}
