package dev.parlo.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

/**
 * Runs of a session that follow one another, of which any thread can have the one under way fail at
 * its next operator. Made once for many runs: options for each would be made and freed in native
 * code for every step of a decoder.
 */
public final class StoppableRuns implements AutoCloseable {
    private final OrtSession.RunOptions options;
    private volatile boolean stopped;

    public StoppableRuns() throws OrtException {
        options = new OrtSession.RunOptions();
    }

    /** For the next run, which nobody has stopped yet. */
    public OrtSession.RunOptions next() throws OrtException {
        if (stopped) {
            stopped = false;
            options.setTerminate(false);
        }
        return options;
    }

    /** Has the run under way fail at its next operator. */
    public void stop() {
        stopped = true;
        OnnxFailure.terminate(options);
    }

    /** After the last run, and after the last {@link #stop}. */
    @Override
    public void close() {
        options.close();
    }
}
