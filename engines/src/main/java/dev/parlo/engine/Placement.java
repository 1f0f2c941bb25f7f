package dev.parlo.engine;

/** Where an engine computes, and with how much of it. */
public sealed interface Placement {
    Device device();

    /** As {@code /api/ps} and logs write it: {@code cpu}, {@code cuda:0}. */
    String label();

    /**
     * The processor.
     *
     * @param threads that compute one run, at least 1
     * @param spinning whether they wait for work by spinning: a little faster alone, wasteful
     *     beside others
     */
    record Cpu(int threads, boolean spinning) implements Placement {
        public Cpu {
            if (threads < 1) {
                throw new IllegalArgumentException(threads + " threads; at least 1 is needed");
            }
        }

        /** Threads that sleep while there is nothing to compute. */
        public static Cpu threads(int count) {
            return new Cpu(count, false);
        }

        @Override
        public Device device() {
            return Device.CPU;
        }

        @Override
        public String label() {
            return "cpu";
        }
    }

    /**
     * One of the machine's GPUs.
     *
     * @param index as the driver counts them, from 0
     */
    record Cuda(int index) implements Placement {
        public Cuda {
            if (index < 0) {
                throw new IllegalArgumentException("GPU " + index + "; they are counted from 0");
            }
        }

        @Override
        public Device device() {
            return Device.CUDA;
        }

        @Override
        public String label() {
            return "cuda:" + index;
        }
    }
}
