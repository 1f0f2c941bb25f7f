package dev.parlo.engine;

/** Where an engine computes, and with how much of it. */
public sealed interface Placement {
    /** {@return the kind of processor} */
    Device device();

    /** {@return as {@code /api/ps} and logs write it: {@code cpu}, {@code cuda:0}} */
    String label();

    /**
     * The processor.
     *
     * @param threads that compute one run, at least 1
     * @param spinning whether they wait for work by spinning: a little faster alone, wasteful
     *     beside others
     */
    record Cpu(int threads, boolean spinning) implements Placement {
        /**
         * Checks the number.
         *
         * @throws IllegalArgumentException when there is no thread
         */
        public Cpu {
            if (threads < 1) {
                throw new IllegalArgumentException(threads + " threads; at least 1 is needed");
            }
        }

        /**
         * {@return threads that sleep while there is nothing to compute}
         *
         * @param count at least 1
         */
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
        /**
         * Checks the number.
         *
         * @throws IllegalArgumentException when it is negative
         */
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
