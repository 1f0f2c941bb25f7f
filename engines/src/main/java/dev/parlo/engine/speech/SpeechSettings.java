package dev.parlo.engine.speech;

import dev.parlo.engine.Placement;
import dev.parlo.engine.admission.Admission;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * How much of the machine a neural speech engine may use.
 *
 * @param placement where the model computes
 * @param running held while something runs there; others hold it, too
 * @param threads of one run of the model on the processor
 * @param admission the queue before the engine: how many runs at the same time, how many requests
 * @param runs is told of every run
 */
public record SpeechSettings(
        Placement placement, Lock running, int threads, Admission admission, RunObserver runs) {
    public SpeechSettings {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1");
        }
    }

    /** On the processor. */
    public SpeechSettings(int threads, Admission admission, RunObserver runs) {
        this(
                Placement.Cpu.threads(threads),
                new ReentrantReadWriteLock().readLock(),
                threads,
                admission,
                runs);
    }

    public SpeechSettings(int threads, Admission admission) {
        this(threads, admission, RunObserver.NONE);
    }

    /**
     * The same elsewhere, behind another queue.
     *
     * @param lock held while something runs there
     */
    public SpeechSettings on(Placement other, Lock lock, Admission queue) {
        return new SpeechSettings(other, lock, threads, queue, runs);
    }
}
