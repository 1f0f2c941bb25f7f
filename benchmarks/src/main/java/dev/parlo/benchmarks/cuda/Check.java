package dev.parlo.benchmarks.cuda;

/** Something to find out, in a process of its own. */
@FunctionalInterface
interface Check {
    void run(Bench bench, Findings findings) throws Exception;
}
