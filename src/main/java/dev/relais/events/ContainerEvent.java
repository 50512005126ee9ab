package dev.relais.events;

import org.jboss.logging.Logger.Level;

/** What happens to the memory and the processors that the gateway has. */
public sealed interface ContainerEvent extends Event {
    /**
     * The container has got another size while the gateway runs.
     *
     * @param memoryMib its memory in MiB
     * @param children of each worker, of the next generation
     */
    record Resized(int processors, long memoryMib, int children) implements ContainerEvent {
        @Override
        public String type() {
            return "container-resized";
        }

        @Override
        public String words() {
            return "Container has another size";
        }

        @Override
        public void tell(Details to) {
            to.put("processors", processors).put("memory-mib", memoryMib).put("children", children);
        }
    }

    /**
     * The gateway and PHP may take more memory than there is.
     *
     * @param sum what they may take, added up
     * @param memoryMib the container's memory in MiB
     */
    record MemoryShort(String sum, long memoryMib) implements ContainerEvent {
        @Override
        public String type() {
            return "memory-short";
        }

        @Override
        public Level level() {
            return Level.WARN;
        }

        @Override
        public String words() {
            return "Memory may not suffice";
        }

        @Override
        public void tell(Details to) {
            to.put("sum", sum).put("memory-mib", memoryMib);
        }
    }

    /** The memory suffices again. */
    record MemoryFits(String sum, long memoryMib) implements ContainerEvent {
        @Override
        public String type() {
            return "memory-fits";
        }

        @Override
        public String words() {
            return "Memory suffices again";
        }

        @Override
        public void tell(Details to) {
            to.put("sum", sum).put("memory-mib", memoryMib);
        }
    }
}
