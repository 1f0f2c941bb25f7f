package dev.parlo.engine.whisper.window;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.Latches;
import dev.parlo.engine.whisper.decode.ScriptedStep;
import dev.parlo.engine.whisper.decode.StepResult;
import dev.parlo.engine.whisper.decode.TokenIds;
import dev.parlo.engine.whisper.decode.WindowDecoder.RowCopy;
import dev.parlo.engine.whisper.network.Alignment;
import dev.parlo.engine.whisper.network.AlignmentTask;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.DecoderStep;
import dev.parlo.engine.whisper.network.WindowEncoder;
import dev.parlo.engine.whisper.network.WindowStep;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * An arena without a network. The audio of a window is a number, its first mel value, and what is
 * said in it a function of that number and the tokens before.
 */
final class MadeUpArena implements DecodeArena, WindowEncoder, DecoderStep {
    private final AtomicIntegerArray audio;
    private final ScriptedStep step;
    final AtomicInteger encoded = new AtomicInteger();
    final AtomicInteger trimmed = new AtomicInteger();
    final CountDownLatch open = new CountDownLatch(1);
    private volatile boolean held;
    volatile boolean encoding;
    volatile boolean failNextStep;
    volatile boolean failWarmUp;
    volatile String warmedUpBy = "";
    final CompletableFuture<Thread> decoderThread = new CompletableFuture<>();
    volatile boolean closed;
    volatile int mostTogether;
    volatile int lastSlot = -1;

    MadeUpArena(int slots, TokenIds ids, ScriptedStep.Script script) {
        audio = new AtomicIntegerArray(slots);
        step =
                new ScriptedStep(
                        slots, ids, (slot, tokens) -> script.logits(audio.get(slot), tokens));
    }

    /** From now on the encoder takes its time, until {@link #open} opens. */
    void holdEncoder() {
        held = true;
    }

    @Override
    public WindowEncoder encoder() {
        return this;
    }

    @Override
    public DecoderStep step() {
        return this;
    }

    @Override
    public int melBands() {
        return 80;
    }

    @Override
    public void encode(float[] mel, int slot) {
        encoding = true;
        if (held) {
            Latches.await(open);
        }
        audio.set(slot, (int) mel[0]);
        lastSlot = slot;
        encoded.incrementAndGet();
        encoding = false;
    }

    @Override
    public void warmUp() {
        warmedUpBy = Thread.currentThread().getName();
        decoderThread.complete(Thread.currentThread());
        if (failWarmUp) {
            throw new EngineException(EngineException.Category.NO_SPACE, "the GPU is full");
        }
    }

    @Override
    public List<List<StepResult>> run(List<WindowStep> windows) {
        if (failNextStep) {
            failNextStep = false;
            throw new EngineException(EngineException.Category.INTERNAL, "the step failed");
        }
        mostTogether = Math.max(mostTogether, windows.size());
        return step.run(windows);
    }

    @Override
    public void copyRow(int slot, int width, RowCopy copy) {
        step.copyRow(slot, width, copy);
    }

    @Override
    public Alignment align(int slot, AlignmentTask task) {
        return step.align(slot, task);
    }

    @Override
    public void release(int slot) {
        step.release(slot);
    }

    @Override
    public int slots() {
        return step.slots();
    }

    @Override
    public int positions() {
        return step.positions();
    }

    @Override
    public int vocabularySize() {
        return step.vocabularySize();
    }

    @Override
    public void trim() {
        trimmed.incrementAndGet();
    }

    @Override
    public long bytes() {
        return 0;
    }

    @Override
    public void close() {
        closed = true;
    }
}
