package dev.relais.events;

import org.jboss.logging.Logger.Level;
import org.jspecify.annotations.Nullable;

/** What happens during a switch from one generation of workers to the next. */
public sealed interface GenerationEvent extends Event {
    /** The number of the generation that the event is about. */
    int generation();

    /** The masters of the generation are started. */
    record Started(int generation, String reason) implements GenerationEvent {
        @Override
        public String type() {
            return "generation-started";
        }

        @Override
        public String words() {
            return "Generation is started";
        }

        @Override
        public void tell(Details to) {
            to.put("generation", generation).put("reason", reason);
        }
    }

    /** The functions have changed while the generation started, so it is started anew. */
    record StartedAnew(int generation) implements GenerationEvent {
        @Override
        public String type() {
            return "generation-started-anew";
        }

        @Override
        public String words() {
            return "Generation is started anew, for the functions have changed meanwhile";
        }

        @Override
        public void tell(Details to) {
            to.put("generation", generation);
        }
    }

    /** The generation has taken over from the former one. */
    record Switched(int generation, int former, long millis) implements GenerationEvent {
        @Override
        public String type() {
            return "generation-switched";
        }

        @Override
        public String words() {
            return "Generation serves";
        }

        @Override
        public void tell(Details to) {
            to.put("generation", generation).put("former", former).put("after", millis + "ms");
        }
    }

    /**
     * It has preloaded what was learned from the one before.
     *
     * @param files the number of scripts
     */
    record Preloaded(int generation, int files) implements GenerationEvent {
        @Override
        public String type() {
            return "generation-preloaded";
        }

        @Override
        public String words() {
            return "Generation has preloaded what the one before has used";
        }

        @Override
        public void tell(Details to) {
            to.put("generation", generation).put("files", files);
        }
    }

    /** It does not start with what was learned, and is started once more without. */
    record PreloadGivenUp(int generation, @Nullable String reason) implements GenerationEvent {
        @Override
        public String type() {
            return "generation-preload-given-up";
        }

        @Override
        public Level level() {
            return Level.WARN;
        }

        @Override
        public String words() {
            return "Generation is started without what was learned for preloading";
        }

        @Override
        public void tell(Details to) {
            to.put("generation", generation).put("reason", reason);
        }
    }

    /** The generation is given up, and the one before goes on serving. */
    record Refused(int generation, int serving, @Nullable String reason) implements GenerationEvent {
        @Override
        public String type() {
            return "generation-refused";
        }

        @Override
        public Level level() {
            return Level.ERROR;
        }

        @Override
        public String words() {
            return "Generation is given up";
        }

        @Override
        public void tell(Details to) {
            to.put("generation", generation).put("serving", serving).put("reason", reason);
        }
    }

    /** The first generation serves, though its warm-up failed. */
    record WarmUpFailed(int generation, String reason) implements GenerationEvent {
        @Override
        public String type() {
            return "warm-up-failed";
        }

        @Override
        public Level level() {
            return Level.ERROR;
        }

        @Override
        public String words() {
            return "Generation serves though its warm-up failed";
        }

        @Override
        public void tell(Details to) {
            to.put("generation", generation).put("reason", reason);
        }
    }

    /** Scripts that still ran on the generation after {@code relais.generations.drain-timeout} are ended. */
    record ScriptsEnded(int generation, int scripts) implements GenerationEvent {
        @Override
        public String type() {
            return "generation-scripts-ended";
        }

        @Override
        public Level level() {
            return Level.WARN;
        }

        @Override
        public String words() {
            return "Scripts of a generation are ended, for relais.generations.drain-timeout is over";
        }

        @Override
        public void tell(Details to) {
            to.put("generation", generation).put("scripts", scripts);
        }
    }
}
