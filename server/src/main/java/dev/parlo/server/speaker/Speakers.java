package dev.parlo.server.speaker;

import dev.parlo.engine.speaker.SpeakerSpans.Span;
import java.util.List;

/**
 * Who speaks when in a file.
 *
 * @param modelId of the segmentation model
 * @param turns by their starts; those of different people may overlap
 * @param exclusive the same where at most one speaks at a time
 * @param durationSeconds of the file
 */
public record Speakers(
        String modelId, List<Span> turns, List<Span> exclusive, double durationSeconds) {}
