package dev.relais.system;

import java.util.List;

/** Looks at a part of the host or of the configuration. Each bean of this type is found by {@link Doctor}. */
public interface HostCheck {
    /** What it has found, in a fixed order. May block for some milliseconds, or longer when it {@linkplain #isSlow is slow}. */
    List<Finding> findings();

    /** Whether it runs programs or reads many files, so that the start does not wait for it. */
    default boolean isSlow() {
        return false;
    }
}
