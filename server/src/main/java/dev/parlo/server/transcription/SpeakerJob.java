package dev.parlo.server.transcription;

import dev.parlo.server.speaker.SpeakerFields;
import org.jspecify.annotations.Nullable;

/**
 * How the speakers of a transcript are told.
 *
 * @param diarize by their voices
 * @param channels by the channels of the file
 * @param fields what was said of them
 * @param model that finds their turns; null for an installed one
 */
public record SpeakerJob(
        boolean diarize, boolean channels, SpeakerFields fields, @Nullable String model) {}
