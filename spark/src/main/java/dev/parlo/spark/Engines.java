package dev.parlo.spark;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.audio.AudioLimits;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.embed.SpeechEngines;
import dev.parlo.engine.speaker.DiarizationOptions;
import dev.parlo.engine.speaker.SpeakerDiarizer;
import dev.parlo.engine.speaker.SpeakerEmbedder;
import dev.parlo.engine.speaker.SpeakerTurn;
import dev.parlo.engine.vad.NanoVad;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an executor computes with. Models are opened by the first task that needs them; tasks on
 * several cores use the same ones. Thread-safe.
 */
final class Engines implements AutoCloseable {
    private final ArchiveOptions options;
    private final int threads;
    private final int parallel;
    private final SpeechEngines speech;
    private final NanoVad detector = new NanoVad();
    private @Nullable SpeechToText model;
    private @Nullable SpeakerDiarizer diarizer;
    private @Nullable SpeakerEmbedder embedder;

    /**
     * @param threads of one run of a model
     * @param parallel tasks at the same time
     */
    Engines(ArchiveOptions options, int threads, int parallel) {
        this.options = options;
        this.threads = threads;
        this.parallel = parallel;
        SpeechEngines.Builder builder =
                SpeechEngines.builder()
                        .threads(threads)
                        .parallel(parallel)
                        .audioLimits(
                                new AudioLimits(
                                        options.limits().bytes(),
                                        options.limits().length().toSeconds()));
        if (options.cache() != null) {
            builder.cache(Path.of(options.cache()));
        }
        speech = builder.open();
    }

    AudioSource audio(Path file) {
        return speech.audio(file);
    }

    NanoVad detector() {
        return detector;
    }

    synchronized SpeechToText model() {
        SpeechToText known = model;
        if (known == null) {
            known = speech.speechToText(Path.of(options.model()));
            model = known;
        }
        return known;
    }

    /** Who speaks when, at most one at a time; empty where that is not asked for. */
    List<Survey.Turn> turns(AudioSource audio, Cancellation cancellation) {
        ArchiveOptions.SpeakerModels speakers = options.speakers();
        if (speakers == null) {
            return List.of();
        }
        SpeakerDiarizer diarizing = diarizer(speakers);
        SpeakerEmbedder hearing = embedder(speakers);
        try (Ticket place = diarizing.admission().enter(Priority.INTERACTIVE, cancellation);
                Ticket voices = hearing.admission().enter(Priority.INTERACTIVE, cancellation)) {
            return diarizing
                    .diarize(audio, hearing, voices, DiarizationOptions.ANY, place)
                    .exclusive()
                    .stream()
                    .map(turn -> {
                        var span = audio.times().span(turn.start(), turn.end());
                        return new Survey.Turn(
                                span.start(),
                                span.end(),
                                SpeakerTurn.label(turn.speaker()));
                    })
                    .toList();
        }
    }

    private synchronized SpeakerDiarizer diarizer(ArchiveOptions.SpeakerModels speakers) {
        SpeakerDiarizer known = diarizer;
        if (known == null) {
            known = new SpeakerDiarizer(Path.of(speakers.segmentation()), threads, admission());
            diarizer = known;
        }
        return known;
    }

    private synchronized SpeakerEmbedder embedder(ArchiveOptions.SpeakerModels speakers) {
        SpeakerEmbedder known = embedder;
        if (known == null) {
            known = new SpeakerEmbedder(Path.of(speakers.embedding()), threads, admission());
            embedder = known;
        }
        return known;
    }

    private Admission admission() {
        return new Admission(parallel, Integer.MAX_VALUE);
    }

    @Override
    public synchronized void close() {
        if (model != null) {
            model.close();
        }
        if (diarizer != null) {
            diarizer.close();
        }
        if (embedder != null) {
            embedder.close();
        }
        detector.close();
        speech.close();
    }
}
