package dev.parlo.server.transcription;

import dev.parlo.engine.audio.AudioSource;
import dev.parlo.server.speaker.SpeakerOrder;
import java.util.List;

/** What the speakers of a transcript are told by. */
public sealed interface SpeakerSource {
    /** They are not told. */
    record Nothing() implements SpeakerSource {}

    /** Their voices. */
    record Voices(SpeakerOrder order) implements SpeakerSource {}

    /**
     * The channels of the file.
     *
     * @param channels each with the one who speaks in it
     */
    record Channels(List<Channel> channels) implements SpeakerSource {
        public Channels {
            channels = List.copyOf(channels);
        }
    }

    /** A channel of a file by itself. */
    record Channel(AudioSource audio, String speaker) {}
}
