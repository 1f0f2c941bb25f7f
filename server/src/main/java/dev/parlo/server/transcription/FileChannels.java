package dev.parlo.server.transcription;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.speaker.SpeakerTurn;
import dev.parlo.server.audio.AudioOpener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The channels of a file, each of one person, as recordings of calls have them. Thread-safe.
 *
 * @param budget of all channels together
 */
record FileChannels(AudioOpener audio, AudioBudget budget) {
    /** Each costs a transcription of the whole file. */
    private static final int MOST = 8;

    /**
     * The channels by those who speak in them.
     *
     * @param whole the same file, all channels together
     * @param names of the first of them; the others are numbered
     * @throws EngineException BAD_REQUEST where there is one channel, more than eight, or fewer
     *     than names; TOO_LARGE
     */
    SpeakerSource.Channels open(
            Path file,
            @Nullable String contentType,
            AudioSource whole,
            List<String> names,
            Cancellation cancellation) {
        List<AudioSource> sources = audio.channels(file, contentType);
        int count = sources.size();
        if (count < 2) {
            throw new EngineException(
                    Category.BAD_REQUEST,
                    "channels=split needs a file of two or more channels, and this one has one."
                            + " Leave channels out, or tell speakers by their voices with"
                            + " diarize=true.");
        }
        if (count > MOST) {
            throw new EngineException(
                    Category.BAD_REQUEST,
                    "channels=split takes files of up to "
                            + MOST
                            + " channels, and this one has "
                            + count
                            + ". Send some of them.");
        }
        if (names.size() > count) {
            throw new EngineException(
                    Category.BAD_REQUEST,
                    names.size()
                            + " known_speaker_names were sent for "
                            + count
                            + " channels. Send at most one for each.");
        }
        budget.checkTogether(count, whole, cancellation);
        List<SpeakerSource.Channel> channels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String speaker = i < names.size() ? names.get(i) : SpeakerTurn.label(i);
            channels.add(new SpeakerSource.Channel(sources.get(i), speaker));
        }
        return new SpeakerSource.Channels(channels);
    }
}
