package dev.relais.running;

import java.util.List;

/** A resident function that leaks, see {@link LeaksResource}. */
public class LeaksProfile extends RunningProfile {
    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(LeaksResource.class));
    }
}
