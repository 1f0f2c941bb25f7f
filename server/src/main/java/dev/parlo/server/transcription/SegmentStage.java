package dev.parlo.server.transcription;

import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.audio.AudioSource;

/** A stage between the model and the client: changes segments on their way. Thread-safe. */
@FunctionalInterface
interface SegmentStage {
    /**
     * What the stage before hands its segments to.
     *
     * @param next takes what this stage makes of them
     */
    SegmentSink before(SegmentSink next, AudioSource audio);
}
