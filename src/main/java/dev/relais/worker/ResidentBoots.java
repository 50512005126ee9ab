package dev.relais.worker;

import dev.relais.slot.BootTurns;
import dev.relais.slot.Residence;
import dev.relais.slot.ResidentFacts;
import dev.relais.slot.WorkerLauncher;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What makes the children of one group keep the application of a function in memory. Its methods are called one at a time, by the group. */
public final class ResidentBoots {
    private static final int USUAL = 2;
    private static final int RESIDENT = 4;

    private final BootTurns turns;
    private final ResidentFacts facts;
    private @Nullable Residence residence; // null before the start

    /**
     * @param turns lets few boot at a time
     * @param facts is told of boots
     */
    public ResidentBoots(BootTurns turns, ResidentFacts facts) {
        this.turns = turns;
        this.facts = facts;
    }

    /**
     * How many generations a group may have: the one that serves and one that starts or drains; of a resident function two may drain besides,
     * whose code was changed twice.
     *
     * @param boots of the group; null when it keeps nothing in memory
     */
    static int most(@Nullable ResidentBoots boots) {
        return boots == null ? USUAL : RESIDENT;
    }

    /**
     * The group starts.
     *
     * @param timeout how long a boot may take
     * @param headLimit the most bytes of a response head
     */
    Residence start(WorkerLauncher launcher, Duration timeout, int headLimit) {
        residence = new Residence(new Residence.Parts(
                launcher.bootScript(),
                launcher.directory(),
                timeout.toMillis(),
                headLimit,
                launcher.mark(),
                turns,
                facts));
        return residence;
    }

    /**
     * What the next generation keeps in memory, and, the first time, the one that has begun. Does nothing before the start.
     *
     * @param variables what the boot is told
     */
    public void application(Map<String, String> variables) {
        if (residence != null) {
            residence.application(variables);
        }
    }

    void stop() {
        if (residence != null) {
            residence.close();
        }
    }
}
