package dev.relais.balancer;

import dev.relais.events.Event;
import dev.relais.events.WorkerEvent;
import dev.relais.slot.Worker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Decides, at each sample, which workers are held back or ejected and which return: never more than half of those that serve, the
 * worst first, and never the only one. Confined to the sampler.
 */
final class Triage {
    /** One worker with its health. */
    record Patient(Worker worker, WorkerHealth health, boolean serving) {}

    private Triage() {}

    /**
     * Decides on all workers.
     *
     * @param all each has {@linkplain WorkerHealth#take taken in} its interval before
     */
    static void decide(List<Patient> all, long nowNanos, Consumer<Event> events) {
        List<Patient> serving = new ArrayList<>();
        for (Patient patient : all) {
            if (patient.serving()) {
                serving.add(patient);
            }
        }
        if (serving.isEmpty()) {
            return;
        }
        serving.sort(
                Comparator.comparingDouble((Patient patient) -> patient.health().score()));
        double median = serving.get((serving.size() - 1) / 2).health().score();
        int out = 0;
        int ended = 0;
        int fast = 0;
        for (Patient patient : serving) { // the best first, since these come back when too many are out
            out += patient.health().state().isOut() ? 1 : 0;
            ended += patient.health().hasEnded() ? 1 : 0;
            fast += patient.health().isFast() ? 1 : 0;
        }
        int most = serving.size() / 2;
        for (Patient patient : serving) {
            if (out > most && patient.health().state().isOut()) {
                patient.health().readmit();
                back(patient, "too few others serve", events);
                out--;
            }
        }
        boolean othersEnd = 2 * ended >= serving.size();
        boolean othersFast = 2 * fast >= serving.size();
        for (int i = serving.size() - 1; i >= 0; i--) {
            Patient patient = serving.get(i);
            boolean bad = patient.health().isBad(median, othersEnd, othersFast);
            out += change(patient, median, bad, out < most, nowNanos, events);
        }
    }

    private static int change(
            Patient patient, double median, boolean bad, boolean mayGo, long nowNanos, Consumer<Event> events) {
        WorkerHealth health = patient.health();
        WorkerState before = health.state();
        if (before.isOut() || !bad) {
            health.goOn(median, nowNanos);
        } else if (mayGo) {
            health.putOut(median, nowNanos);
            events.accept(new WorkerEvent.Out(patient.worker().id(), word(health.state()), health.reason()));
            return 1;
        }
        if (before != WorkerState.NORMAL && health.state() == WorkerState.NORMAL) {
            back(patient, "its exchanges go well", events);
        } else if (before.isOut() && !health.state().isOut()) {
            back(patient, "it did well in a probe", events);
        }
        return before.isOut() && !health.state().isOut() ? -1 : 0;
    }

    private static void back(Patient patient, String reason, Consumer<Event> events) {
        events.accept(new WorkerEvent.Back(
                patient.worker().id(), word(patient.health().state()), reason));
    }

    private static String word(WorkerState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
